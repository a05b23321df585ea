#!lua flags=allow-oom
-- reclaim: the leases that an instance held when it died fall due at once.
--
--   KEYS[1] leases  KEYS[2] urgent  KEYS[3 …] due:<receiver>
--   ARGV[1] instance  ARGV[2] now_ms  ARGV[3] urgent_ahead_ms  ARGV[4 …] receiver, in the order of KEYS
--
-- Returns how many. Safe to repeat. Leases are as many as requests in flight: few.

local held, count = redis.call("HGETALL", KEYS[1]), 0
for i = 1, #held, 2 do
  local lane, holder = held[i], held[i + 1]
  for r = 3, #KEYS do
    if holder == ARGV[1] .. "\0" .. ARGV[r + 1] then
      if redis.call("ZSCORE", KEYS[r], lane) then
        local ahead = redis.call("SISMEMBER", KEYS[2], lane) == 1 and ARGV[3] or 0
        redis.call("ZADD", KEYS[r], ARGV[2] - ahead, lane)
      end
      redis.call("HDEL", KEYS[1], lane)
      count = count + 1
    end
  end
end
return count
