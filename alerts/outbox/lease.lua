#!lua flags=allow-oom
-- lease: lend the due head of each lane, at most as many per receiver as it has room for and its rate allows.
--
--   KEYS[1] deliveries  KEYS[2] queue  KEYS[3] attempts  KEYS[4] leases  KEYS[5] not_before  KEYS[6] parked
--   KEYS[7] gaps        KEYS[8] urgent  KEYS[9 …] due:<receiver>, then rate:<receiver> of those that have a rate
--   ARGV[1] msgpack [now_ms, lease_ms, instance, park_after_ms, most in all, [[receiver, room, rate, count, period_ms] …],
--                    longest_wait_ms] in the order of KEYS; rate is the position of its key, 0 where it has none: count in any period_ms
--
-- Returns {{receiver's position, when its next lane falls due, …}, bytes, failed attempts, gap 0|1, replay 0|1, bytes, …};
-- a receiver without a lane to come is left out. Safe to repeat: what was lent to a caller that never heard of it falls
-- due again when its lease runs out, though it counts for the rate.
--
-- A head that is due only because it has waited for park_after_ms moves to a lane of its own ("p" and its id),
-- where its retries go on, and the next of its lane becomes the head.

local now, lease_ms, instance, park_after, most, receivers, longest = unpack(cmsgpack.unpack(ARGV[1]))
local next_due = {}
local reply = { next_due }

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
      redis.call("SREM", KEYS[8], lane)
      return nil
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
      return id
    else
      park(due, lane, member, id, not_before)
    end
  end
end

-- What is due later than anything waits, a clock put off that was ahead; a hundred at a time.
local function bring_back(due)
  local last = redis.call("ZRANGE", due, -1, -1, "WITHSCORES")[2]
  if last and tonumber(last) > now + longest then
    local far = redis.call("ZRANGEBYSCORE", due, "(" .. string.format("%d", now + longest), "+inf", "LIMIT", 0, 100)
    for _, lane in ipairs(far) do
      local _, id = head(lane)
      if id then
        redis.call("HDEL", KEYS[5], id)
      end
      redis.call("ZADD", due, now, lane)
    end
  end
end

for i, receiver in ipairs(receivers) do
  local due, name, room, rate, count, period = KEYS[8 + i], unpack(receiver)
  bring_back(due)
  local limited = false
  room = math.min(room, most)
  if rate > 0 then
    redis.call("ZREMRANGEBYSCORE", KEYS[rate], "-inf", now - period)
    local left = math.max(count - redis.call("ZCARD", KEYS[rate]), 0)
    limited = left <= room
    room = math.min(room, left)
  end
  while room > 0 do
    local lanes = redis.call("ZRANGEBYSCORE", due, "-inf", now, "LIMIT", 0, room)
    if #lanes == 0 then
      break
    end
    for _, lane in ipairs(lanes) do
      local id = lend(due, name, lane)
      if id then
        room = room - 1
        most = most - 1
        if rate > 0 then
          redis.call("ZADD", KEYS[rate], now, now .. "\0" .. id)
          redis.call("PEXPIRE", KEYS[rate], period)
        end
      end
    end
  end
  local later = redis.call("ZRANGEBYSCORE", due, "(" .. now, "+inf", "WITHSCORES", "LIMIT", 0, 1)[2]
  local at = later and tonumber(later)
  if limited and room == 0 and redis.call("ZCOUNT", due, "-inf", now) > 0 then
    local oldest = redis.call("ZRANGE", KEYS[rate], 0, 0, "WITHSCORES")[2]
    at = math.min(at or math.huge, tonumber(oldest) + period)
  end
  if at then
    next_due[#next_due + 1] = i
    next_due[#next_due + 1] = at
  end
end
return reply
