#!lua flags=allow-oom
-- unkept: what the parked topic must be told.
--
--   KEYS[1] incarnation  KEYS[2] deliveries  KEYS[3] attempts  KEYS[4] ready  KEYS[5] dead  KEYS[6] dead_times
--   KEYS[7] pending      KEYS[8] pins        KEYS[9] unfinished  KEYS[10] kept  KEYS[11] to_keep  KEYS[12] digests
--   ARGV[1] now_ms  ARGV[2] park_after_ms  ARGV[3] dead_keep_ms  ARGV[4] how many at most
--
-- Returns {incarnation, id, stamp, bytes, since, attempts, reason, members as msgpack or "", …}; bytes are "" where the
-- delivery is finished. Safe to repeat.
-- What holds back a partition for park_after_ms is queued before it is told: if who tells dies, another one knows.

local incarnation = redis.call("GET", KEYS[1])
if not incarnation then
  return { "" }
end
local now, park_after, dead_keep, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

for _, old in ipairs(redis.call("ZRANGEBYSCORE", KEYS[6], "-inf", now - dead_keep, "LIMIT", 0, limit)) do
  if redis.call("HEXISTS", KEYS[8], old) == 0 then
    redis.call("HDEL", KEYS[5], old)
    redis.call("ZREM", KEYS[6], old)
    if redis.call("SISMEMBER", KEYS[10], old) == 1 then
      redis.call("ZADD", KEYS[11], "NX", now, old)
    end
  end
end

-- From the first pin of each partition on, as long as it is an old or dead one: a young one holds back the others.
local first = redis.call("ZRANGE", KEYS[9], 0, 0)[1]
while first do
  local partition = string.match(first, "^([^%z]*)%z")
  for _, member in ipairs(
    redis.call("ZRANGEBYLEX", KEYS[9], "[" .. partition .. "\0", "(" .. partition .. "\1", "LIMIT", 0, limit)
  ) do
    local id = string.match(member, "^[^%z]*%z[^%z]*%z(.*)$")
    local since = redis.call("ZSCORE", KEYS[4], id)
    if (since and tonumber(since) + park_after <= now) or redis.call("HEXISTS", KEYS[5], id) == 1 then
      redis.call("ZADD", KEYS[11], "NX", now, id)
    else
      break
    end
  end
  first = redis.call("ZRANGEBYLEX", KEYS[9], "[" .. partition .. "\1", "+", "LIMIT", 0, 1)[1]
end

local reply = { incarnation }
for _, id in ipairs(redis.call("ZRANGE", KEYS[11], 0, limit - 1)) do
  local bytes, letter = redis.call("HGET", KEYS[2], id), redis.call("HGET", KEYS[5], id)
  local told
  if bytes then
    local attempts = redis.call("HGET", KEYS[3], id) or "0"
    local since = redis.call("ZSCORE", KEYS[4], id) or tostring(now)
    told = { "parked:" .. attempts, bytes, since, attempts, "", redis.call("HGET", KEYS[12], id) or "" }
  elseif letter then
    local reason, attempts, died, held = string.match(letter, "^(%S+) (%d+) (%d+) (.*)$")
    told = { "dead:" .. died, held, died, attempts, reason, "" }
  elseif redis.call("HEXISTS", KEYS[7], id) == 1 then
    redis.call("ZREM", KEYS[11], id)
  else
    told = { "gone", "", "0", "0", "", "" }
  end
  if told then
    reply[#reply + 1] = id
    for _, each in ipairs(told) do
      reply[#reply + 1] = each
    end
  end
end
return reply
