#!lua flags=allow-oom
-- flush: pending deliveries of one receiver become one digest, which is ready.
--
--   KEYS[1] pending    KEYS[2] backlog  KEYS[3] digested  KEYS[4] digests     KEYS[5] pins   KEYS[6] unfinished
--   KEYS[7] deliveries KEYS[8] ready    KEYS[9] sequence  KEYS[10] queue      KEYS[11] receivers  KEYS[12] told
--   KEYS[13] pending:<receiver>         KEYS[14] due:<receiver>
--   ARGV[1] msgpack [now_ms, receiver, digest, lane, [member …]], 2,000 members at most: unpack() takes no more
--   ARGV[2] the digest's bytes
--
-- Returns 1, or 0 where not all members are pending: somebody else flushed them, look again. Safe to repeat: where none
-- is pending and the digest is known, it was done. What is pending is taken whatever ``told`` says of the digest: told
-- twice after a week is better than never.
-- It frees more than it takes, hence allow-oom.

local now, receiver, digest, lane, members = unpack(cmsgpack.unpack(ARGV[1]))
if #members == 0 or type(digest) ~= "string" or type(lane) ~= "string" or not ARGV[2] then
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
redis.call("ZREM", KEYS[13], unpack(members))
if redis.call("HINCRBY", KEYS[2], receiver, -#members) <= 0 then
  redis.call("HDEL", KEYS[2], receiver)
end
for _, member in ipairs(members) do
  redis.call("HSET", KEYS[3], member, digest)
end
redis.call("HSET", KEYS[4], digest, cmsgpack.pack(members))
redis.call("HSET", KEYS[5], digest, cmsgpack.pack(pins))
redis.call("ZADD", KEYS[12], now, digest)
if redis.call("HSET", KEYS[7], digest, ARGV[2]) == 1 then
  local sequence = redis.call("INCR", KEYS[9])
  redis.call("ZADD", KEYS[10], 0, lane .. "\0" .. string.format("%020d", sequence) .. "\0" .. digest)
  redis.call("ZADD", KEYS[14], "NX", now, lane)
  redis.call("ZADD", KEYS[8], now, digest)
  redis.call("HINCRBY", KEYS[11], receiver, 1)
end
return 1
