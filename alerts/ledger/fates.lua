#!lua flags=no-writes
-- fates: what became of some deliveries.
--
--   KEYS[1] told     KEYS[2] deliveries  KEYS[3] pending  KEYS[4] digested  KEYS[5] dead
--   KEYS[6] attempts KEYS[7] ready       KEYS[8] sent     KEYS[9] withheld
--   ARGV[1 …] deliveries
--
-- Returns {state, failed attempts, reason of a dead or withheld one, digest, since when in ms or "0", bytes of a pending
-- one or "", what withheld it or ""} for each.

local reply = {}
for _, id in ipairs(ARGV) do
  local dead = redis.call("HGET", KEYS[5], id)
  local digest = redis.call("HGET", KEYS[4], id)
  local told = redis.call("ZSCORE", KEYS[1], id)
  local state, failed, reason, since, by = "unknown", 0, "", nil, ""
  local pending = redis.call("HGET", KEYS[3], id)
  if pending then
    state = "pending"
    since = told
  elseif redis.call("HEXISTS", KEYS[2], id) == 1 or digest then
    state = "unfinished"
    failed = tonumber(redis.call("HGET", KEYS[6], digest or id) or 0)
    since = redis.call("ZSCORE", KEYS[7], digest or id)
  elseif dead then
    state = "dead"
    reason, failed, since = string.match(dead, "^(%S+) (%d+) (%d+) ")
  else
    local sent = redis.call("HGET", KEYS[8], id)
    local withheld = redis.call("HGET", KEYS[9], id)
    if withheld then
      state = "withheld"
      since, reason, by = string.match(withheld, "^(%d+) (%S+) (.*)$")
    elseif sent or told then
      state = "delivered"
      since = sent and string.match(sent, "^%d+ %d+ (%d+) ")
    end
  end
  reply[#reply + 1] = { state, tonumber(failed), reason, digest or "", since or "0", pending or "", by }
end
return reply
