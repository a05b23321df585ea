#!lua
-- put: keep a verdict in place of an earlier one on the same alert, and count it.
--
--   KEYS[1] verdicts: alert → msgpack [topic, says, …]  KEYS[2] verdict_times: alert → ms
--   KEYS[3] verdict_counts: topic NUL says → how many
--   ARGV[1] alert  ARGV[2] bytes  ARGV[3] ms  ARGV[4] how many may be kept
--
-- Safe to repeat: what the same alert counted for before is taken back first.

local function forget(alert)
  local held = redis.call("HGET", KEYS[1], alert)
  if held then
    local verdict = cmsgpack.unpack(held)
    local counted = verdict[1] .. "\0" .. verdict[2]
    if redis.call("HINCRBY", KEYS[3], counted, -1) < 1 then
      redis.call("HDEL", KEYS[3], counted)
    end
    redis.call("HDEL", KEYS[1], alert)
    redis.call("ZREM", KEYS[2], alert)
  end
end

local verdict = cmsgpack.unpack(ARGV[2])
forget(ARGV[1])
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
redis.call("ZADD", KEYS[2], ARGV[3], ARGV[1])
redis.call("HINCRBY", KEYS[3], verdict[1] .. "\0" .. verdict[2], 1)
local beyond = redis.call("ZCARD", KEYS[2]) - tonumber(ARGV[4])
if beyond > 0 then
  for _, alert in ipairs(redis.call("ZRANGE", KEYS[2], 0, beyond - 1)) do
    forget(alert)
  end
end
return "done"
