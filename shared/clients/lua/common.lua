-- What every step shares; it is put in front of each script. KEYS[1] is the prefix of all keys.
--
--   job:ID        hash    request, site, state, attempt, holder, fence, worker, claimed_at, progress, cancel, queued_at,
--                          outcome, edits (how often the request was edited)
--   waiting:SITE  list    ids of jobs that wait for the site, oldest first, but for those that people moved
--   ready         zset    sites where jobs wait and none runs, by turn
--   turn          number  the last turn given to a site: the time in microseconds, or one more than the turn before
--   running       hash    site -> id of the job that has locked it
--   leases        zset    locked sites, by deadline
--   fences        hash    site -> highest fence drawn
--   last_claims   hash    worker -> id of the job that it claimed last
--   queued        zset    ids of all waiting jobs, by the time they were submitted
--   wake          list    one token for each worker that should look for work, never more than ready sites
--   events:ID     stream  what happened to a job
--   outcomes      stream  how jobs ended
--   news          stream  site, kind and job of whatever happened, for who has a site's page open
--   expiries      number  leases that ran out
--   given_up      number  jobs given up
--
-- Times are Redis's own, in milliseconds since 1970.

local EVENTS_KEPT, OUTCOMES_KEPT, NEWS_KEPT = 1000, 10000, 10000
local FINAL_JOB_KEPT_SECONDS = 86400

local prefix = KEYS[1]
local call = redis.call

local function job_key(id) return prefix .. 'job:' .. id end
local function events_key(id) return prefix .. 'events:' .. id end
local function waiting_key(site) return prefix .. 'waiting:' .. site end

local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function append_event(id, kind, ...)
  call('XADD', events_key(id), 'MAXLEN', '~', EVENTS_KEPT, '*', 'kind', kind, ...)
  local site = call('HGET', job_key(id), 'site')
  if site then call('XADD', prefix .. 'news', 'MAXLEN', '~', NEWS_KEPT, '*', 'site', site, 'job', id) end
end

local function wake_one()
  if call('LLEN', prefix .. 'wake') < call('ZCARD', prefix .. 'ready') then
    call('RPUSH', prefix .. 'wake', '')
  end
end

local function next_turn()
  local time = call('TIME')
  local turn = math.max(time[1] * 1000000 + time[2], (call('GET', prefix .. 'turn') or 0) + 1)
  call('SET', prefix .. 'turn', string.format('%.0f', turn))
  return turn
end

-- Give the site the next turn if jobs wait for it and none runs. A site that has a turn keeps it.
local function make_ready(site)
  if call('HEXISTS', prefix .. 'running', site) == 1 or call('EXISTS', waiting_key(site)) == 0 then return end
  if call('ZADD', prefix .. 'ready', 'NX', next_turn(), site) == 1 then wake_one() end
end

local function unlock(site)
  call('HDEL', prefix .. 'running', site)
  call('ZREM', prefix .. 'leases', site)
  make_ready(site)
end

-- The site and fence of a running job if this holder still has it, else nil.
local function held_by(id, holder)
  local job = call('HMGET', job_key(id), 'state', 'holder', 'site', 'fence')
  if job[1] ~= 'running' or job[2] ~= holder then return nil end
  return job[3], job[4]
end

-- A final job stays a while for those who ask; what the person wrote does not.
local function end_job(id, state, outcome)
  call('HSET', job_key(id), 'state', state, 'outcome', outcome)
  call('HDEL', job_key(id), 'request')
  append_event(id, 'final', 'outcome', outcome)
  call('XADD', prefix .. 'outcomes', 'MAXLEN', '~', OUTCOMES_KEPT, '*', 'job', id, 'outcome', outcome)
  call('EXPIRE', job_key(id), FINAL_JOB_KEPT_SECONDS)
  call('EXPIRE', events_key(id), FINAL_JOB_KEPT_SECONDS)
end

-- Back to the head of its site's queue; whoever held it has lost it.
local function requeue(id, site)
  call('HSET', job_key(id), 'state', 'queued')
  call('HDEL', job_key(id), 'holder', 'worker', 'progress')
  call('LPUSH', waiting_key(site), id)
  call('ZADD', prefix .. 'queued', call('HGET', job_key(id), 'queued_at'), id)
  append_event(id, 'queued')
end

-- Whether no worker has begun the job, nor can have.
local function waits(state, attempt) return state == 'queued' and attempt == '0' end

local function withdraw(id, site, outcome)
  call('LREM', waiting_key(site), 1, id)
  call('ZREM', prefix .. 'queued', id)
  if call('EXISTS', waiting_key(site)) == 0 then call('ZREM', prefix .. 'ready', site) end
  end_job(id, 'cancelled', outcome)
end
