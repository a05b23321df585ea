#!lua flags=allow-oom
-- kept: the parked topic has acknowledged what it was told.
--
--   KEYS[1] incarnation  KEYS[2] deliveries  KEYS[3] attempts  KEYS[4] dead  KEYS[5] pending  KEYS[6] pins
--   KEYS[7] unfinished   KEYS[8] kept        KEYS[9] to_keep
--   ARGV[1] msgpack [incarnation, now_ms, [[id, stamp] …]] as unkept answered
--
-- Returns 1, or 0 where the store is another one: nothing was done. Safe to repeat.
-- What changed in between stays queued and is told again. Freeing memory must work on a full server: allow-oom.

local incarnation, now, told = unpack(cmsgpack.unpack(ARGV[1]))
if redis.call("GET", KEYS[1]) ~= incarnation then
  return 0
end

local function stamp_of(id)
  if redis.call("HEXISTS", KEYS[2], id) == 1 then
    return "parked:" .. (redis.call("HGET", KEYS[3], id) or "0")
  end
  local letter = redis.call("HGET", KEYS[4], id)
  if letter then
    return "dead:" .. string.match(letter, "^%S+ %d+ (%d+) ")
  end
  return redis.call("HEXISTS", KEYS[5], id) == 1 and "pending" or "gone"
end

local function unpin(id)
  local pins = redis.call("HGET", KEYS[6], id)
  if pins then
    for _, member in ipairs(cmsgpack.unpack(pins)) do
      redis.call("ZREM", KEYS[7], member)
    end
    redis.call("HDEL", KEYS[6], id)
  end
end

for _, each in ipairs(told) do
  local id, stamp = each[1], each[2]
  local stands = stamp_of(id)
  if stamp == "gone" then
    redis.call("SREM", KEYS[8], id)
  else
    redis.call("SADD", KEYS[8], id)
    if stands ~= "pending" then
      unpin(id)
    end
  end
  if stands == stamp then
    redis.call("ZREM", KEYS[9], id)
  else
    redis.call("ZADD", KEYS[9], "NX", now, id)
  end
end
return 1
