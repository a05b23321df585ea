#!lua flags=allow-oom
-- hold: pending deliveries of one group wait in another, for longer: what a throttle keeps back. Their pins stay.
--
--   KEYS[1] pending  KEYS[2] groups  KEYS[3] pending:<group>  KEYS[4] pending:<the other>
--   ARGV[1] msgpack [group, other, due_ms, [member …]], 2,000 members at most: unpack() takes no more
--   ARGV[2 …] the members' bytes, in the same order
--
-- Returns 1, or 0 where not all members are pending in the group: look again. Safe to repeat: what is in the other
-- already is left alone.
-- It takes the room of what it frees, hence allow-oom.

local group, other, due, members = unpack(cmsgpack.unpack(ARGV[1]))
if #members == 0 or #members ~= #ARGV - 1 or type(due) ~= "number" then
  return redis.error_reply("RASID hold: no members, or not as many bytes as members")
end

local since, moved = redis.call("ZMSCORE", KEYS[3], unpack(members)), true
for i = 1, #members do
  if not since[i] then
    if not redis.call("ZSCORE", KEYS[4], members[i]) then
      return 0
    end
  else
    moved = false
  end
end
if moved then
  return 1
end
for i, member in ipairs(members) do
  if since[i] then
    redis.call("HSET", KEYS[1], member, ARGV[i + 1])
    redis.call("ZADD", KEYS[4], since[i], member)
    redis.call("ZREM", KEYS[3], member)
  end
end
redis.call("ZADD", KEYS[2], "LT", due, other)
if redis.call("EXISTS", KEYS[3]) == 0 then
  redis.call("ZREM", KEYS[2], group)
end
return 1
