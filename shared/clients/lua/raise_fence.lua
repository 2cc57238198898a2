-- Draw the site's next fence above a floor. ARGV: id, holder, floor. Returns the fence, 0 if the claim was lost.
local site = held_by(ARGV[1], ARGV[2])
if not site then return 0 end
local drawn = tonumber(call('HGET', prefix .. 'fences', site) or 0)
local fence = math.max(drawn, tonumber(ARGV[3])) + 1
local text = string.format('%.0f', fence)
call('HSET', prefix .. 'fences', site, text)
call('HSET', job_key(ARGV[1]), 'fence', text)
return fence
