#!lua flags=allow-oom
-- lease: lend the due head of each lane, at most as many per receiver as it has room for.
--
--   KEYS[1] deliveries  KEYS[2] queue  KEYS[3] attempts  KEYS[4] leases  KEYS[5] not_before  KEYS[6] parked
--   KEYS[7] gaps        KEYS[8 …] due:<receiver>
--   ARGV[1] msgpack [now_ms, lease_ms, instance, park_after_ms, [[receiver, room] …]] in the order of KEYS
--
-- Returns {next due ms or -1, bytes, failed attempts, gap 0|1, replay 0|1, bytes, …}. Safe to repeat: what was
-- lent to a caller that never heard of it falls due again when its lease runs out.
--
-- A head that is due only because it has waited for park_after_ms moves to a lane of its own ("p" and its id),
-- where its retries go on, and the next of its lane becomes the head.

local now, lease_ms, instance, park_after, receivers = unpack(cmsgpack.unpack(ARGV[1]))
local reply, next_due = { -1 }, nil

local function head(lane)
  local member = redis.call("ZRANGEBYLEX", KEYS[2], "[" .. lane .. "\0", "(" .. lane .. "\1", "LIMIT", 0, 1)[1]
  return member, member and string.match(member, "^[^%z]*%z[^%z]*%z(.*)$")
end

local function park(due, lane, member, id, not_before)
  local own = "p" .. id
  redis.call("ZREM", KEYS[2], member)
  redis.call("ZADD", KEYS[2], 0, own .. string.sub(member, #lane + 1))
  redis.call("HSET", KEYS[6], id, lane)
  redis.call("HINCRBY", KEYS[7], lane, 1)
  redis.call("ZADD", due, not_before, own)
end

local function lend(due, receiver, lane)
  while true do
    local member, id = head(lane)
    if not member then
      redis.call("ZREM", due, lane)
      redis.call("HDEL", KEYS[4], lane)
      return false
    end
    local bytes = redis.call("HGET", KEYS[1], id)
    local not_before = tonumber(redis.call("HGET", KEYS[5], id) or 0)
    if not bytes then
      redis.call("ZREM", KEYS[2], member) -- finished: must not be in the queue, and must not stop the lane if it is
    elseif not_before <= now then
      redis.call("ZADD", due, now + lease_ms, lane)
      redis.call("HSET", KEYS[4], lane, instance .. "\0" .. receiver)
      local left = redis.call("HGET", KEYS[6], id)
      -- Of two parked ones either may come first. A replay is in nobody's order.
      local parked = left ~= "" and tonumber(redis.call("HGET", KEYS[7], left or lane) or 0) or 0
      local gap = parked > (left and 1 or 0)
      reply[#reply + 1] = bytes
      reply[#reply + 1] = tonumber(redis.call("HGET", KEYS[3], id) or 0)
      reply[#reply + 1] = gap and 1 or 0
      reply[#reply + 1] = left == "" and 1 or 0
      return true
    else
      park(due, lane, member, id, not_before)
    end
  end
end

for i, receiver in ipairs(receivers) do
  local due, name, room = KEYS[7 + i], receiver[1], receiver[2]
  while room > 0 do
    local lanes = redis.call("ZRANGEBYSCORE", due, "-inf", now, "LIMIT", 0, room)
    if #lanes == 0 then
      break
    end
    for _, lane in ipairs(lanes) do
      if lend(due, name, lane) then
        room = room - 1
      end
    end
  end
  local later = redis.call("ZRANGEBYSCORE", due, "(" .. now, "+inf", "WITHSCORES", "LIMIT", 0, 1)[2]
  if later and (not next_due or tonumber(later) < next_due) then
    next_due = tonumber(later)
  end
end
reply[1] = next_due or -1
return reply
