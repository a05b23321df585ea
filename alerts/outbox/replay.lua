#!lua
-- replay: a dead letter is due again, under its id and with its bytes, in a lane of its own.
--
--   KEYS[1] dead   KEYS[2] dead_times  KEYS[3] deliveries  KEYS[4] ready  KEYS[5] sequence  KEYS[6] queue
--   KEYS[7] parked KEYS[8] receivers   KEYS[9] due:<receiver>
--   ARGV[1] id  ARGV[2] receiver  ARGV[3] now_ms
--
-- Returns 1, or 0 where there is no such dead letter (any more). Safe to repeat. The retry schedule begins anew.

local held = redis.call("HGET", KEYS[1], ARGV[1])
if not held then
  return 0
end
redis.call("HDEL", KEYS[1], ARGV[1])
redis.call("ZREM", KEYS[2], ARGV[1])
if redis.call("HEXISTS", KEYS[3], ARGV[1]) == 1 then
  return 1 -- on its way already
end
-- "reason attempts ms bytes", see settle
local bytes, lane = string.match(held, "^%S+ %d+ %d+ (.*)$"), "p" .. ARGV[1]
redis.call("HSET", KEYS[3], ARGV[1], bytes)
redis.call("ZADD", KEYS[4], ARGV[3], ARGV[1])
redis.call("ZADD", KEYS[6], 0, lane .. "\0" .. string.format("%020d", redis.call("INCR", KEYS[5])) .. "\0" .. ARGV[1])
redis.call("HSET", KEYS[7], ARGV[1], "")
redis.call("HINCRBY", KEYS[8], ARGV[2], 1)
redis.call("ZADD", KEYS[9], ARGV[3], lane)
return 1
