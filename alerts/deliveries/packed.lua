-- packed: reads a text out of msgpack bytes, and says where the next value begins. Stands before the scripts that use it.
local function text_at(packed, at)
  local head = string.byte(packed, at)
  if head < 0xc0 then
    return string.sub(packed, at + 1, at + head - 0xa0), at + 1 + head - 0xa0
  elseif head == 0xd9 then
    local size = string.byte(packed, at + 1)
    return string.sub(packed, at + 2, at + 1 + size), at + 2 + size
  end
  local size = string.byte(packed, at + 1) * 256 + string.byte(packed, at + 2)
  return string.sub(packed, at + 3, at + 2 + size), at + 3 + size
end
