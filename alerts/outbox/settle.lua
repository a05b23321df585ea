#!lua flags=allow-oom
-- settle: what became of a leased delivery.
--
--   KEYS[1] deliveries  KEYS[2] queue    KEYS[3] attempts    KEYS[4] leases     KEYS[5] not_before  KEYS[6] parked
--   KEYS[7] gaps        KEYS[8] ready    KEYS[9] receivers   KEYS[10] pins      KEYS[11] unfinished KEYS[12] dead
--   KEYS[13] dead_times KEYS[14] history KEYS[15] digests    KEYS[16] digested   KEYS[17] kept       KEYS[18] to_keep
--   KEYS[19] failing    KEYS[20] sent    KEYS[21] sent_times KEYS[22] urgent
--   KEYS[23] due:<receiver>
--   ARGV[1] msgpack [verb, id, lane, receiver, attempt, now_ms, next_ms, reason, history line, history_kept,
--                    dead_keep_ms, park_after_ms, keeps, longest_gap_ms, status, sent_kept, urgent_ahead_ms]; attempt is the number of the
--                    one made, from 1; keeps is 1 where there is a parked topic: a dead delivery pins its records until
--                    it is in there; dead_keep_ms is for how long what is finished is remembered, sent_kept how many of
--                    those that arrived
--           verb: delivered · dead (with reason) · later (due again at next_ms) · give_back
--
-- Returns 1, or 0 where the delivery was finished already. Safe to repeat: a finished delivery is left alone, and the
-- number of attempts is set, not added to.
-- Freeing memory must work on a full server, hence allow-oom.

local verb, id, lane, receiver, attempt, now, next_ms, reason, line, history_kept, dead_keep, park_after, keeps, gap,
  status, sent_kept, urgent_ahead =
  unpack(cmsgpack.unpack(ARGV[1]))
local due = KEYS[23]

local bytes = redis.call("HGET", KEYS[1], id)
if not bytes then
  return 0
end
local left = redis.call("HGET", KEYS[6], id)
local current = left and ("p" .. id) or lane

local function bounds(name)
  return "[" .. name .. "\0", "(" .. name .. "\1"
end

local function head(name)
  local from, to = bounds(name)
  return redis.call("ZRANGEBYLEX", KEYS[2], from, to, "LIMIT", 0, 1)[1]
end

local function due_now(name)
  local ahead = redis.call("SISMEMBER", KEYS[22], name) == 1 and urgent_ahead or 0
  redis.call("ZADD", due, now - ahead, name)
end

local function go_on(name)
  redis.call("HDEL", KEYS[4], name)
  if head(name) then
    due_now(name)
  else
    redis.call("ZREM", due, name)
    redis.call("SREM", KEYS[22], name)
  end
end

-- What the parked topic holds of a delivery is no longer so, or it must hold it now.
local function tell(name)
  redis.call("ZADD", KEYS[18], "NX", now, name)
end

local function finish()
  local from, to = bounds(current)
  for _, member in ipairs(redis.call("ZRANGEBYLEX", KEYS[2], from, to)) do
    if string.sub(member, -#id) == id then
      redis.call("ZREM", KEYS[2], member)
      break
    end
  end
  local pins = redis.call("HGET", KEYS[10], id)
  if pins and not (verb == "dead" and keeps == 1) then
    for _, member in ipairs(cmsgpack.unpack(pins)) do
      redis.call("ZREM", KEYS[11], member)
    end
    redis.call("HDEL", KEYS[10], id)
  end
  local members = redis.call("HGET", KEYS[15], id)
  if members then
    redis.call("HDEL", KEYS[16], unpack(cmsgpack.unpack(members)))
    redis.call("HDEL", KEYS[15], id)
  end
  redis.call("HDEL", KEYS[1], id)
  redis.call("HDEL", KEYS[3], id)
  redis.call("HDEL", KEYS[5], id)
  redis.call("ZREM", KEYS[8], id)
  if redis.call("HINCRBY", KEYS[9], receiver, -1) <= 0 then
    redis.call("HDEL", KEYS[9], receiver)
  end
  if left then
    redis.call("HDEL", KEYS[6], id)
    if left ~= "" and redis.call("HINCRBY", KEYS[7], left, -1) <= 0 then
      redis.call("HDEL", KEYS[7], left)
    end
  end
  go_on(current)
end

if verb == "give_back" then
  redis.call("HDEL", KEYS[4], current)
  due_now(current)
  return 1
end

-- The row of failures of the receiver goes on, begins, or has ended.
if verb == "delivered" then
  redis.call("HDEL", KEYS[19], receiver)
elseif verb == "later" or reason == "exhausted" then
  local first, last, failures =
    string.match(redis.call("HGET", KEYS[19], receiver) or "", "^(%d+) (%d+) (%d+)$")
  if not first or now - tonumber(last) > gap then
    first, last, failures = now, now, 0
  end
  local row = string.format("%d %d %d", first, math.max(now, tonumber(last)), failures + 1)
  redis.call("HSET", KEYS[19], receiver, row)
end

if line ~= "" then
  redis.call("XADD", KEYS[14], "MAXLEN", "~", history_kept, "*", "line", line)
end
-- A few at a time, but more than one arrives: what is kept shrinks where less of it is wanted than before.
local function forget_sent(until_ms, most)
  local over = redis.call("ZRANGEBYSCORE", KEYS[21], "-inf", until_ms, "LIMIT", 0, 10)
  local extra = redis.call("ZCARD", KEYS[21]) - most
  if #over == 0 and extra > 0 then
    over = redis.call("ZRANGE", KEYS[21], 0, math.min(extra, 10) - 1)
  end
  for _, old in ipairs(over) do
    redis.call("HDEL", KEYS[20], old)
    redis.call("ZREM", KEYS[21], old)
  end
end

if verb == "delivered" then
  finish()
  if sent_kept > 0 then
    redis.call("HSET", KEYS[20], id, string.format("%d %d %d ", status, attempt, now) .. bytes)
    redis.call("ZADD", KEYS[21], now, id)
  end
  forget_sent(now - dead_keep, sent_kept)
  if redis.call("SISMEMBER", KEYS[17], id) == 1 then
    tell(id)
  end
elseif verb == "dead" then
  local attempts = math.max(attempt, tonumber(redis.call("HGET", KEYS[3], id) or 0))
  redis.call("HSET", KEYS[12], id, string.format("%s %d %d ", reason, attempts, now) .. bytes)
  redis.call("ZADD", KEYS[13], now, id)
  finish()
  if keeps == 1 or redis.call("SISMEMBER", KEYS[17], id) == 1 then
    tell(id)
  end
  for _, old in ipairs(redis.call("ZRANGEBYSCORE", KEYS[13], "-inf", now - dead_keep, "LIMIT", 0, 10)) do
    if redis.call("HEXISTS", KEYS[10], old) == 0 then -- else it is not in the parked topic yet
      redis.call("HDEL", KEYS[12], old)
      redis.call("ZREM", KEYS[13], old)
      if redis.call("SISMEMBER", KEYS[17], old) == 1 then
        tell(old)
      end
    end
  end
elseif verb == "later" then
  redis.call("HSET", KEYS[3], id, attempt)
  redis.call("HSET", KEYS[5], id, string.format("%d", next_ms))
  redis.call("HDEL", KEYS[4], current)
  local wake, parks = next_ms, tonumber(redis.call("ZSCORE", KEYS[8], id)) + park_after
  if not left then
    wake = math.min(next_ms, parks)
  end
  if keeps == 1 and parks <= now then
    tell(id)
  end
  redis.call("ZADD", due, math.max(wake, now), current)
end
return 1
