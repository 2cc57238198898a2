-- Take the oldest job of the site whose turn it is, and lock the site.
-- ARGV: holder, worker, lease (ms), most attempts, outcome of a job that has used them up.
-- Returns {request, fence, attempt, cancel} or, without work, {ms until the next lease expires, or -1}.
-- The same call again answers the same again, because the first answer may have been lost on its way.
local holder, worker, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local most_attempts, given_up = tonumber(ARGV[4]), ARGV[5]
local REAPED_AT_ONCE = 16
local moment = now()

local function give_up(id)
  call('INCR', prefix .. 'given_up')
  call('HDEL', job_key(id), 'holder')
  end_job(id, 'failed', given_up)
end

local function reap()
  local expired = call('ZRANGE', prefix .. 'leases', '-inf', moment, 'BYSCORE', 'LIMIT', 0, REAPED_AT_ONCE)
  for _, site in ipairs(expired) do
    local id = call('HGET', prefix .. 'running', site)
    local attempt = id and call('HGET', job_key(id), 'attempt')
    -- A Redis that lost a part of its memory may know the lease alone; the job is then submitted again from SQL.
    if attempt then
      call('INCR', prefix .. 'expiries')
      if tonumber(attempt) >= most_attempts then give_up(id) else requeue(id, site) end
    end
    unlock(site)
  end
end

-- A worker may have died between its wake-up and its claim: hand the wake-up on while sites are ready.
local function hand_on()
  if call('EXISTS', prefix .. 'ready') == 0 then
    call('DEL', prefix .. 'wake')
  elseif call('EXISTS', prefix .. 'wake') == 0 then
    wake_one()
  end
end

local function answer(id)
  return call('HMGET', job_key(id), 'request', 'fence', 'attempt', 'cancel')
end

local last = call('HGET', prefix .. 'last_claims', worker)
if last and held_by(last, holder) then return answer(last) end
reap()
local site = call('ZPOPMIN', prefix .. 'ready')[1]
hand_on()
if not site then
  local next_lease = call('ZRANGE', prefix .. 'leases', 0, 0, 'WITHSCORES')
  return { next_lease[2] and math.max(next_lease[2] - moment, 0) or -1 }
end
local id = call('LPOP', waiting_key(site))
local fence = call('HINCRBY', prefix .. 'fences', site, 1)
local attempt = call('HINCRBY', job_key(id), 'attempt', 1)
call('ZREM', prefix .. 'queued', id)
call('HSET', prefix .. 'running', site, id)
call('ZADD', prefix .. 'leases', moment + lease, site)
call('HSET', job_key(id), 'state', 'running', 'holder', holder, 'worker', worker, 'fence', fence,
  'claimed_at', moment)
call('HSET', prefix .. 'last_claims', worker, id)
append_event(id, 'running', 'attempt', attempt)
return answer(id)
