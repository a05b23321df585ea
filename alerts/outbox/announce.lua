#!lua flags=allow-oom
-- announce: add deliveries that no record led to. They pin nothing.
--
--   KEYS[1] deliveries  KEYS[2] ready  KEYS[3] sequence  KEYS[4] queue  KEYS[5] receivers  KEYS[6] told
--   KEYS[7 …] due:<receiver>
--   ARGV[1]  msgpack [now_ms, [[receiver, name, id, lane, bytes] …]]
--            receiver is a position, from 1, among the due keys; bytes a position in ARGV
--   ARGV[2 …] the deliveries' bytes
--
-- Returns how many were new. Safe to repeat: what was ever added is not added again (``told``).
-- They are few and small, and who announces waits for it with something that frees memory: hence allow-oom.

local now, deliveries = unpack(cmsgpack.unpack(ARGV[1]))
local added = 0
for _, delivery in ipairs(deliveries) do
  if not KEYS[6 + delivery[1]] or not ARGV[delivery[5]] then
    return redis.error_reply("RASID announce: a delivery has the wrong shape")
  end
end
for _, delivery in ipairs(deliveries) do
  local receiver, name, id, lane, bytes = unpack(delivery)
  if redis.call("ZADD", KEYS[6], "NX", now, id) == 1 then
    redis.call("HSET", KEYS[1], id, ARGV[bytes])
    local sequence = redis.call("INCR", KEYS[3])
    redis.call("ZADD", KEYS[4], 0, lane .. "\0" .. string.format("%020d", sequence) .. "\0" .. id)
    redis.call("ZADD", KEYS[6 + receiver], "NX", now, lane)
    redis.call("ZADD", KEYS[2], now, id)
    redis.call("HINCRBY", KEYS[5], name, 1)
    added = added + 1
  end
end
return added
