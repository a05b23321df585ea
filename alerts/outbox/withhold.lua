#!lua flags=allow-oom
-- withhold: pending deliveries of one group end untold: what somebody silenced while it waited. Their pins are freed.
--
--   KEYS[1] pending   KEYS[2] backlog   KEYS[3] pins            KEYS[4] unfinished  KEYS[5] pending:<group>
--   KEYS[6] groups    KEYS[7] withheld  KEYS[8] withheld_times  KEYS[9] amended
--   KEYS[10] told
--   ARGV[1] msgpack [now_ms, receiver, group, why, [member …], [by …], keep_ms], 2,000 members at most: unpack() takes
--           no more; group is "" for a backlog; by is what withholds each
--
-- Returns 1, or 0 where not all members are pending: look again. Safe to repeat: where none is pending and the first is
-- known to be withheld, it was done.
-- It frees more than it takes, hence allow-oom.

local now, receiver, group, why, members, by, keep_ms = unpack(cmsgpack.unpack(ARGV[1]))
if #members == 0 or #members ~= #by or type(group) ~= "string" or type(why) ~= "string" then
  return redis.error_reply("RASID withhold: no members, or not as many that withhold")
end

local found = 0
for _, since in ipairs(redis.call("ZMSCORE", KEYS[5], unpack(members))) do
  if since then
    found = found + 1
  end
end
if found < #members then
  return found == 0 and redis.call("HEXISTS", KEYS[7], members[1]) or 0
end

for _, held in ipairs(redis.call("HMGET", KEYS[3], unpack(members))) do
  if held then
    for _, pin in ipairs(cmsgpack.unpack(held)) do
      redis.call("ZREM", KEYS[4], pin)
    end
  end
end
redis.call("HDEL", KEYS[3], unpack(members))
redis.call("HDEL", KEYS[1], unpack(members))
redis.call("HDEL", KEYS[9], unpack(members))
redis.call("ZREM", KEYS[5], unpack(members))
redis.call("ZREM", KEYS[10], unpack(members))
if group == "" then
  if redis.call("HINCRBY", KEYS[2], receiver, -#members) <= 0 then
    redis.call("HDEL", KEYS[2], receiver)
  end
elseif redis.call("EXISTS", KEYS[5]) == 0 then
  redis.call("ZREM", KEYS[6], group)
end

-- As many are forgotten as are added.
local old = redis.call("ZRANGEBYSCORE", KEYS[8], "-inf", now - keep_ms, "LIMIT", 0, 2000)
if #old > 0 then
  redis.call("HDEL", KEYS[7], unpack(old))
  redis.call("ZREM", KEYS[8], unpack(old))
end
for i, member in ipairs(members) do
  redis.call("HSET", KEYS[7], member, now .. " " .. why .. " " .. by[i])
  redis.call("ZADD", KEYS[8], now, member)
end
return 1
