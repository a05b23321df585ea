#!lua
-- replay: a delivery that is finished is due again, under its id and with its bytes, in a lane of its own.
--
--   KEYS[1] dead        KEYS[2] dead_times          KEYS[3] sent    KEYS[4] sent_times  KEYS[5] deliveries
--   KEYS[6] ready       KEYS[7] sequence            KEYS[8] queue   KEYS[9] parked      KEYS[10] receivers
--   KEYS[11] replays:<receiver>  KEYS[12] replaying:<receiver>     KEYS[13] due:<receiver>
--   ARGV[1] id  ARGV[2] receiver  ARGV[3] now_ms
--
-- Returns 1, or 0 where it is neither dead nor known to have arrived (any more). Safe to repeat. The retry schedule
-- begins anew.

local held = redis.call("HGET", KEYS[1], ARGV[1]) or redis.call("HGET", KEYS[3], ARGV[1])
redis.call("ZREM", KEYS[11], ARGV[1])
if not held then
  return 0
end
for key = 1, 3, 2 do
  redis.call("HDEL", KEYS[key], ARGV[1])
  redis.call("ZREM", KEYS[key + 1], ARGV[1])
end
if redis.call("HEXISTS", KEYS[5], ARGV[1]) == 1 then
  return 1 -- on its way already
end
-- "reason or status, attempts, ms, bytes", see settle
local bytes, lane = string.match(held, "^%S+ %d+ %d+ (.*)$"), "p" .. ARGV[1]
redis.call("HSET", KEYS[5], ARGV[1], bytes)
redis.call("ZADD", KEYS[6], ARGV[3], ARGV[1])
redis.call("ZADD", KEYS[8], 0, lane .. "\0" .. string.format("%020d", redis.call("INCR", KEYS[7])) .. "\0" .. ARGV[1])
redis.call("HSET", KEYS[9], ARGV[1], "")
redis.call("HINCRBY", KEYS[10], ARGV[2], 1)
redis.call("SADD", KEYS[12], ARGV[1])
redis.call("ZADD", KEYS[13], ARGV[3], lane)
return 1
