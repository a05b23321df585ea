#!lua flags=no-writes
-- pending: some of the deliveries that wait to be told with others, in no order; a few may come twice.
--
--   KEYS[1] pending  KEYS[2] told
--   ARGV[1] where to begin: 0, then what was answered  ARGV[2] how many to look at, about  ARGV[3] receiver, or ""
--
-- Returns {where to go on or "0", id, ms, id, ms, …}. Bytes are a msgpack array of under 16 elements that begins with id
-- and receiver.

local scanned = redis.call("HSCAN", KEYS[1], ARGV[1], "COUNT", ARGV[2])
local reply, held = { scanned[1] }, scanned[2]
for at = 1, #held, 2 do
  local _, place = text_at(held[at + 1], 2)
  local since = redis.call("ZSCORE", KEYS[2], held[at])
  if since and (ARGV[3] == "" or text_at(held[at + 1], place) == ARGV[3]) then
    reply[#reply + 1] = held[at]
    reply[#reply + 1] = since
  end
end
return reply
