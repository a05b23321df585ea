#!lua
-- restore: put back what the parked topic holds and this store was never told of.
--
--   KEYS[1] incarnation  KEYS[2] deliveries  KEYS[3] ready  KEYS[4] sequence  KEYS[5] queue  KEYS[6] receivers
--   KEYS[7] told         KEYS[8] attempts    KEYS[9] parked KEYS[10] gaps     KEYS[11] dead  KEYS[12] dead_times
--   KEYS[13] kept        KEYS[14] to_keep    KEYS[15] digests  KEYS[16] digested  KEYS[17] pending
--   KEYS[18 …] due:<receiver>
--   ARGV[1] msgpack [incarnation, now_ms, [[receiver, name, id, lane, state, since, attempts, reason, bytes,
--                    [member …]] …]]; receiver is a position, from 1, among the due keys; bytes a position in ARGV
--   ARGV[2 …] the deliveries' bytes
--
-- Returns how many were put back, or -1 where the store is another one. Safe to repeat (``told``). What is finished here
-- is taken out of the topic.

local incarnation, now, all = unpack(cmsgpack.unpack(ARGV[1]))
if redis.call("GET", KEYS[1]) ~= incarnation then
  return -1
end
for _, each in ipairs(all) do
  if not KEYS[17 + each[1]] or not ARGV[each[9]] then
    return redis.error_reply("RASID restore: a delivery has the wrong shape")
  end
end

local count = 0
for _, each in ipairs(all) do
  local receiver, name, id, lane, state, since, attempts, reason, bytes, members = unpack(each)
  redis.call("SADD", KEYS[13], id)
  if redis.call("ZADD", KEYS[7], "NX", now, id) == 0 then
    if
      redis.call("HEXISTS", KEYS[2], id) == 0
      and redis.call("HEXISTS", KEYS[11], id) == 0
      and redis.call("HEXISTS", KEYS[17], id) == 0
    then
      redis.call("ZADD", KEYS[14], "NX", now, id)
    end
  elseif state == "dead" then
    redis.call("HSET", KEYS[11], id, string.format("%s %d %d ", reason, attempts, since) .. ARGV[bytes])
    redis.call("ZADD", KEYS[12], since, id)
    count = count + 1
  else
    local own = "p" .. id
    redis.call("HSET", KEYS[2], id, ARGV[bytes])
    redis.call("ZADD", KEYS[3], since, id)
    redis.call("ZADD", KEYS[5], 0, own .. "\0" .. string.format("%020d", redis.call("INCR", KEYS[4])) .. "\0" .. id)
    redis.call("ZADD", KEYS[17 + receiver], now, own)
    redis.call("HINCRBY", KEYS[6], name, 1)
    redis.call("HSET", KEYS[8], id, string.format("%d", attempts))
    redis.call("HSET", KEYS[9], id, lane)
    redis.call("HINCRBY", KEYS[10], lane, 1)
    local ours = {}
    for _, member in ipairs(members) do
      if redis.call("ZADD", KEYS[7], "NX", now, member) == 1 then
        ours[#ours + 1] = member
        redis.call("HSET", KEYS[16], member, id)
      end
    end
    if #ours > 0 then
      redis.call("HSET", KEYS[15], id, cmsgpack.pack(ours))
    end
    count = count + 1
  end
end
return count
