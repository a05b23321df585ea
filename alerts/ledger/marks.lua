#!lua flags=no-writes
-- marks: where some checksums stand among the marks of articles seen.
--
--   KEYS[1] seen, or seen_before
--   ARGV[1] first byte looked at  ARGV[2] how many bytes  ARGV[3] length of a mark
--   ARGV[4 …] checksums, four bytes each
--
-- Returns the first four bytes of each mark that holds one of them after those, oldest first.

local size = tonumber(ARGV[3])
local held = redis.call("GETRANGE", KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1)
local places = {}
for piece = 4, #ARGV do
  local place = string.find(held, ARGV[piece], 1, true)
  while place do
    local into = (place - 1) % size
    if into >= 4 and into % 4 == 0 then
      places[#places + 1] = place - into
    end
    place = string.find(held, ARGV[piece], place + 1, true)
  end
end
table.sort(places)
local reply = {}
for number, place in ipairs(places) do
  if place ~= places[number - 1] then
    reply[#reply + 1] = string.sub(held, place, place + 3)
  end
end
return reply
