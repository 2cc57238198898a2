-- Put jobs of a site that wait into an order; those that are not named keep their places. ARGV: site, ids in order.
-- Returns the ids of all that wait, in their order after that.
local key = waiting_key(ARGV[1])
local waiting, is_waiting, chosen = call('LRANGE', key, 0, -1), {}, {}
for _, id in ipairs(waiting) do is_waiting[id] = true end
for index = 2, #ARGV do
  if is_waiting[ARGV[index]] == true then
    chosen[#chosen + 1] = ARGV[index]
    is_waiting[ARGV[index]] = 'chosen'
  end
end
local next = 0
for index, id in ipairs(waiting) do
  if is_waiting[id] == 'chosen' then
    next = next + 1
    call('LSET', key, index - 1, chosen[next])
    waiting[index] = chosen[next]
  end
end
return waiting
