#!lua flags=allow-oom
-- retire: heads of the lanes of a receiver that is no longer configured, for the caller to settle as dead.
--
--   KEYS[1] deliveries  KEYS[2] queue  KEYS[3] due:<receiver>
--   ARGV[1] how many lanes at most
--
-- Returns the deliveries' bytes; a lane without any is dropped. Safe to repeat: nothing is ended here.

local reply = {}
for _, lane in ipairs(redis.call("ZRANGE", KEYS[3], 0, tonumber(ARGV[1]) - 1)) do
  local member = redis.call("ZRANGEBYLEX", KEYS[2], "[" .. lane .. "\0", "(" .. lane .. "\1", "LIMIT", 0, 1)[1]
  if member then
    reply[#reply + 1] = redis.call("HGET", KEYS[1], string.match(member, "^[^%z]*%z[^%z]*%z(.*)$"))
  else
    redis.call("ZREM", KEYS[3], lane)
  end
end
return reply
