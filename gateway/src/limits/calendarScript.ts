/** Lua for Redis, which knows no calendar: `monthAround(ms)` gives the UTC month's begin and end around an instant. */
export const calendarScript = `
local dayMs = 86400000

-- Days from 1970-01-01 to the first of a month, in the proleptic Gregorian calendar, with years that begin in March.
local function firstOf(year, month)
  if month <= 2 then year = year - 1 end
  local shifted = (month + 9) % 12
  local era = math.floor(year / 400)
  local yearOfEra = year - era * 400
  local dayOfYear = math.floor((153 * shifted + 2) / 5)
  return era * 146097 + yearOfEra * 365 + math.floor(yearOfEra / 4) - math.floor(yearOfEra / 100) + dayOfYear - 719468
end

local function monthAround(ms)
  local day = math.floor(ms / dayMs)
  local year = 1970 + math.floor(day / 365.2425)
  if firstOf(year, 1) > day then year = year - 1 end
  if firstOf(year + 1, 1) <= day then year = year + 1 end
  local month = 12
  while firstOf(year, month) > day do month = month - 1 end
  local following = month == 12 and firstOf(year + 1, 1) or firstOf(year, month + 1)
  return firstOf(year, month) * dayMs, following * dayMs
end
`;
