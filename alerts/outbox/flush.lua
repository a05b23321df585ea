#!lua flags=allow-oom
-- flush: pending deliveries of one group become one that is ready: their digest, or the one there is as it is.
--
--   KEYS[1] pending    KEYS[2] backlog  KEYS[3] digested  KEYS[4] digests     KEYS[5] pins   KEYS[6] unfinished
--   KEYS[7] deliveries KEYS[8] ready    KEYS[9] sequence  KEYS[10] queue      KEYS[11] receivers  KEYS[12] told
--   KEYS[13] pending:<group>            KEYS[14] due:<receiver>               KEYS[15] groups     KEYS[16] group_told
--   KEYS[17] throttles KEYS[18] history  KEYS[19] urgent  KEYS[20] amended
--   ARGV[1] msgpack [now_ms, receiver, digest, lane, [member …], group, whole, [[throttle, before, after] …],
--                    keep_ms, history_kept, urgent 0|1, urgent_ahead_ms, [correction …]], 2,000 members at most:
--                    unpack() takes no more
--           group is "" for a backlog; whole is how many must be pending in the group, 0 where that does not matter
--           of each member the notice of the correction that the digest shows of it, "" where none
--   ARGV[2] the digest's bytes    ARGV[3 …] lines of the history
--
-- Returns 1, or 0 where not all members are pending, or more are, or a throttle has let others through, or a correction
-- of one came since: look again.
-- Safe to repeat: where none is pending and the digest is known, it was done. What is pending is taken whatever ``told``
-- says of the digest: told twice after a week is better than never.
-- It frees more than it takes, hence allow-oom.

local request = cmsgpack.unpack(ARGV[1])
local now, receiver, digest, lane, members, group, whole = unpack(request, 1, 7)
local throttles, keep_ms, history_kept, urgent, urgent_ahead, corrections = unpack(request, 8)
if #members ~= #corrections then
  return redis.error_reply("RASID flush: not as many corrections as members")
end
if #members == 0 or type(digest) ~= "string" or type(lane) ~= "string" or type(group) ~= "string" or not ARGV[2] then
  return redis.error_reply("RASID flush: no members, or the digest has the wrong shape")
end

local found = 0
for _, since in ipairs(redis.call("ZMSCORE", KEYS[13], unpack(members))) do
  if since then
    found = found + 1
  end
end
if found < #members then
  return found == 0 and redis.call("ZSCORE", KEYS[12], digest) and 1 or 0
end
if whole > 0 and redis.call("ZCARD", KEYS[13]) ~= whole then
  return 0
end
for i, amended in ipairs(redis.call("HMGET", KEYS[20], unpack(members))) do
  if (amended and string.match(amended, "^[^%z]*") or "") ~= corrections[i] then
    return 0
  end
end
for _, each in ipairs(throttles) do
  if (redis.call("HGET", KEYS[17], each[1]) or "") ~= each[2] then
    return 0
  end
end

-- Of each partition the least pin of any member is enough: the digest frees all of them at once.
local least, order = {}, {}
local function keep(member)
  local partition, offset = string.match(member, "^([^%z]*)%z(%d+)")
  if not least[partition] then
    order[#order + 1] = partition
    least[partition] = offset
  elseif tonumber(offset) < tonumber(least[partition]) then
    least[partition] = offset
  end
end
local function take_over(held)
  if held then
    for _, member in ipairs(cmsgpack.unpack(held)) do
      keep(member)
      redis.call("ZREM", KEYS[6], member)
    end
  end
end
for _, held in ipairs(redis.call("HMGET", KEYS[5], unpack(members))) do
  take_over(held)
end
take_over(redis.call("HGET", KEYS[5], digest)) -- nothing, unless the same digest is on its way already
local pins = {}
for i, partition in ipairs(order) do
  pins[i] = partition .. "\0" .. least[partition] .. "\0" .. digest
  redis.call("ZADD", KEYS[6], 0, pins[i])
end

redis.call("HDEL", KEYS[5], unpack(members))
redis.call("HDEL", KEYS[1], unpack(members))
redis.call("HDEL", KEYS[20], unpack(members))
redis.call("ZREM", KEYS[13], unpack(members))
if group ~= "" then
  if redis.call("EXISTS", KEYS[13]) == 0 then
    redis.call("ZREM", KEYS[15], group)
  end
  redis.call("ZADD", KEYS[16], now, group)
  redis.call("ZREMRANGEBYSCORE", KEYS[16], "-inf", now - keep_ms)
elseif redis.call("HINCRBY", KEYS[2], receiver, -#members) <= 0 then
  redis.call("HDEL", KEYS[2], receiver)
end
for _, each in ipairs(throttles) do
  redis.call("HSET", KEYS[17], each[1], each[3])
end
if members[1] ~= digest then -- else it goes out as it is
  for _, member in ipairs(members) do
    redis.call("HSET", KEYS[3], member, digest)
  end
  redis.call("HSET", KEYS[4], digest, cmsgpack.pack(members))
end
for i = 3, #ARGV do
  redis.call("XADD", KEYS[18], "MAXLEN", "~", history_kept, "*", "line", ARGV[i])
end
redis.call("HSET", KEYS[5], digest, cmsgpack.pack(pins))
redis.call("ZADD", KEYS[12], now, digest)
if redis.call("HSET", KEYS[7], digest, ARGV[2]) == 1 then
  local sequence = redis.call("INCR", KEYS[9])
  redis.call("ZADD", KEYS[10], 0, lane .. "\0" .. string.format("%020d", sequence) .. "\0" .. digest)
  if urgent == 1 then -- as in ADMIT
    redis.call("SADD", KEYS[19], lane)
    if tonumber(redis.call("ZSCORE", KEYS[14], lane) or 0) <= now then
      redis.call("ZADD", KEYS[14], "LT", now - urgent_ahead, lane)
    end
  else
    redis.call("ZADD", KEYS[14], "NX", now, lane)
  end
  redis.call("ZADD", KEYS[8], now, digest)
  redis.call("HINCRBY", KEYS[11], receiver, 1)
end
return 1
