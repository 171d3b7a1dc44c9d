/**
 * @file time.c
 * RFC 3339 and civil days; see time.h.
 */
#include "engine/base/time.h"

#include "engine/base/digits.h"

int32_t tw_day_of_civil(int year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int era = (year >= 0 ? year : year - 399) / 400;
	unsigned year_of_era = (unsigned)(year - era * 400);
	unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + (int32_t)day_of_era - 719468;
}

static void civil_of_day(int32_t days, int *year, unsigned *month, unsigned *day)
{
	days += 719468;
	int era = (days >= 0 ? days : days - 146096) / 146097;
	unsigned day_of_era = (unsigned)(days - era * 146097);
	unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned shifted = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = (int)year_of_era + era * 400 + (*month <= 2);
}

/* @return the number of `count` digits at `at`, or -1 */
static int digits(const char *at, unsigned count)
{
	int value = 0;
	for (unsigned i = 0; i < count; i++) {
		if (at[i] < '0' || at[i] > '9') {
			return -1;
		}
		value = value * 10 + (at[i] - '0');
	}
	return value;
}

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool date_at(const char *at, int32_t *day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits(at, 4), month = digits(at + 5, 2), of_month = digits(at + 8, 2);
	if (year < 1 || at[4] != '-' || at[7] != '-' || month < 1 || month > 12 || of_month < 1) {
		return false;
	}
	if (of_month > lengths[month - 1] + (month == 2 && leap(year))) {
		return false;
	}
	*day = tw_day_of_civil(year, (unsigned)month, (unsigned)of_month);
	return true;
}

bool tw_date_parse(struct tw_slice text, int32_t *day)
{
	return text.len == 10 && date_at(text.ptr, day);
}

/* The part after the seconds: fraction and zone. @return false when malformed */
static bool zone_at(const char *at, const char *end, int *fraction_ms, int *offset_minutes)
{
	*fraction_ms = 0;
	if (at < end && *at == '.') {
		int scale = 100;
		const char *start = ++at;
		for (; at < end && *at >= '0' && *at <= '9'; at++, scale /= 10) {
			*fraction_ms += (*at - '0') * scale;
		}
		if (at == start) {
			return false;
		}
	}
	if (end - at == 1 && (*at == 'Z' || *at == 'z')) {
		*offset_minutes = 0;
		return true;
	}
	if (end - at != 6 || (*at != '+' && *at != '-') || at[3] != ':') {
		return false;
	}
	int hours = digits(at + 1, 2), minutes = digits(at + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
		return false;
	}
	*offset_minutes = (*at == '-' ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

bool tw_instant_parse(struct tw_slice text, int64_t *ms)
{
	int32_t day;
	int fraction_ms, offset_minutes;
	if (text.len < 20 || !date_at(text.ptr, &day) || (text.ptr[10] != 'T' && text.ptr[10] != 't' && text.ptr[10] != ' ')) {
		return false;
	}
	int hour = digits(text.ptr + 11, 2), minute = digits(text.ptr + 14, 2), second = digits(text.ptr + 17, 2);
	if (text.ptr[13] != ':' || text.ptr[16] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
		return false;
	}
	if (!zone_at(text.ptr + 19, text.ptr + text.len, &fraction_ms, &offset_minutes)) {
		return false;
	}
	second = second == 60 ? 59 : second;
	*ms = (int64_t)day * TW_DAY_MS + ((int64_t)hour * 60 + minute - offset_minutes) * 60000 + second * 1000 + fraction_ms;
	return true;
}

int32_t tw_instant_day(int64_t ms)
{
	return (int32_t)(ms >= 0 ? ms / TW_DAY_MS : -((-ms + TW_DAY_MS - 1) / TW_DAY_MS));
}

const char *tw_date_format(int32_t day, char out[TW_DATE_BYTES])
{
	int year;
	unsigned month, of_month;
	civil_of_day(day, &year, &month, &of_month);
	char *at = tw_digits_padded(out, (unsigned)year % 10000U, 4);
	*at++ = '-';
	at = tw_digits_padded(at, month, 2);
	*at++ = '-';
	*tw_digits_padded(at, of_month, 2) = '\0';
	return out;
}

const char *tw_instant_format(int64_t ms, char out[TW_INSTANT_BYTES])
{
	int32_t day = tw_instant_day(ms);
	unsigned rest = (unsigned)(ms - (int64_t)day * TW_DAY_MS);
	unsigned hour = rest / 3600000U, minute = rest / 60000U % 60U, second = rest / 1000U % 60U, fraction = rest % 1000U;
	tw_date_format(day, out);
	char *at = out + TW_DATE_BYTES - 1;
	*at++ = 'T';
	at = tw_digits_padded(at, hour, 2);
	*at++ = ':';
	at = tw_digits_padded(at, minute, 2);
	*at++ = ':';
	at = tw_digits_padded(at, second, 2);
	if (fraction) {
		*at++ = '.';
		at = tw_digits_padded(at, fraction, 3);
	}
	*at++ = 'Z';
	*at = '\0';
	return out;
}
