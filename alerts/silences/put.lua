#!lua
-- put: keep one silence, and forget what ended long ago.
--
--   KEYS[1] silences  KEYS[2] silence_ends  KEYS[3] silences_version
--   ARGV[1] id  ARGV[2] bytes  ARGV[3] end, ms  ARGV[4] now, ms  ARGV[5] forget what ended until, ms
--   ARGV[6] how many may be kept  ARGV[7] version
--
-- Returns 1, or 0 where there is no room: nothing is written then. Safe to repeat.

local id, most = ARGV[1], tonumber(ARGV[6])
local replaces = redis.call("HEXISTS", KEYS[1], id) == 1
local forgotten = redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[5])
local left = redis.call("HLEN", KEYS[1]) - #forgotten
if not replaces and left >= most then
  -- Those that are over go before their time, the one that ended first before the others.
  local over = redis.call("ZRANGEBYSCORE", KEYS[2], "(" .. ARGV[5], ARGV[4], "LIMIT", 0, left - most + 1)
  if left - #over >= most then
    return 0
  end
  for _, each in ipairs(over) do
    forgotten[#forgotten + 1] = each
  end
end
for _, each in ipairs(forgotten) do
  redis.call("HDEL", KEYS[1], each)
  redis.call("ZREM", KEYS[2], each)
end
redis.call("HSET", KEYS[1], id, ARGV[2])
redis.call("ZADD", KEYS[2], ARGV[3], id)
redis.call("SET", KEYS[3], ARGV[7])
return 1
