/**
 * @file list_stage.c
 * One list being read: growing arrays in an arena of its own (list_loader.h).
 */
#include "feeds/list_loader.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "feeds/list_text.h"

#define STAGE_BLOCK_BYTES   (1024U * 1024U)
#define SCRATCH_BLOCK_BYTES (128U * 1024U)
#define NOBODY              UINT32_MAX
/* A list is text and small records: 4 times its bytes hold both. The bound keeps a hostile file from taking the machine. */
#define STAGE_BYTES_MAX (4ULL * TW_LIST_BYTES_MAX)

void tw_list_stage_init(struct tw_list_stage *stage)
{
	*stage = (struct tw_list_stage){0};
	tw_arena_init(&stage->arena, STAGE_BLOCK_BYTES, STAGE_BYTES_MAX);
	tw_arena_init(&stage->scratch, SCRATCH_BLOCK_BYTES, TW_LIST_BYTES_MAX);
}

void tw_list_stage_fini(struct tw_list_stage *stage)
{
	tw_arena_fini(&stage->arena);
	tw_arena_fini(&stage->scratch);
}

struct tw_stage_entry *tw_list_stage_entry_at(struct tw_list_stage *stage, uint32_t at)
{
	return (struct tw_stage_entry *)stage->entries.data + at;
}

bool tw_list_stage_entry(struct tw_list_stage *stage, struct tw_slice id, enum tw_entry_kind kind, uint32_t line, uint32_t *at)
{
	*at = stage->entries.count;
	if (*at == TW_LIST_ENTRIES_MAX) {
		stage->limit = "more entries than TW_LIST_ENTRIES_MAX";
		return false;
	}
	struct tw_slice copy = tw_arena_copy(&stage->arena, id);
	struct tw_stage_entry *entry = copy.ptr ? tw_list_push(&stage->arena, &stage->entries, sizeof(*entry)) : NULL;
	if (!entry) {
		return false;
	}
	*entry = (struct tw_stage_entry){.id = copy, .kind = kind, .line = line};
	return true;
}

bool tw_list_stage_name(struct tw_list_stage *stage, uint32_t entry, struct tw_slice text, enum tw_name_quality quality)
{
	if (tw_list_trim(text).len == 0) {
		return true;
	}
	struct tw_slice copy = tw_list_squeeze(text, &stage->arena);
	struct tw_stage_name *name = copy.ptr ? tw_list_push(&stage->arena, &stage->names, sizeof(*name)) : NULL;
	if (!name) {
		return false;
	}
	*name = (struct tw_stage_name){entry, {copy, quality}};
	stage->report.names++;
	return true;
}

bool tw_list_stage_names(struct tw_list_stage *stage, uint32_t entry, struct tw_slice text, enum tw_name_quality quality)
{
	struct tw_arena_mark mark = tw_arena_mark(&stage->scratch);
	struct tw_list_parts *parts = tw_arena_alloc_raw(&stage->scratch, sizeof(*parts));
	bool fits = parts && tw_list_names_in(text, &stage->scratch, parts);
	if (fits && parts->overflow) {
		stage->limit = "more names in one element than TW_LIST_PARTS_MAX";
		fits = false;
	}
	for (uint32_t i = 0; fits && i < parts->count; i++) {
		/* only the first of several is the entry's own name */
		fits = tw_list_stage_name(stage, entry, parts->part[i], i && quality == TW_NAME_PRIMARY ? TW_NAME_STRONG : quality);
	}
	tw_arena_rewind(&stage->scratch, mark);
	return fits;
}

static bool is_primary(const struct tw_stage_name *name, const uint32_t *first, uint32_t at)
{
	return name->name.quality == TW_NAME_PRIMARY || first[name->entry] == at;
}

bool tw_list_stage_primary_first(struct tw_list_stage *stage)
{
	struct tw_stage_name *names = stage->names.data;
	uint32_t count = stage->names.count, out = 0;
	struct tw_stage_name *sorted = tw_arena_alloc_raw(&stage->arena, (count + 1) * sizeof(*sorted));
	uint32_t *first = tw_arena_alloc_raw(&stage->arena, (stage->entries.count + 1) * sizeof(*first));
	if (!sorted || !first) {
		return false;
	}
	memset(first, 0xff, (stage->entries.count + 1) * sizeof(*first));
	for (uint32_t i = count; i-- > 0;) {
		first[names[i].entry] = i;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (names[i].name.quality == TW_NAME_PRIMARY) {
			first[names[i].entry] = NOBODY;
		}
	}
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < count; i++) {
			if (is_primary(&names[i], first, i) == (pass == 0)) {
				sorted[out] = names[i];
				sorted[out++].name.quality = pass == 0 ? TW_NAME_PRIMARY : names[i].name.quality;
			}
		}
	}
	stage->names.data = count ? sorted : stage->names.data;
	stage->names.capacity = count ? count : stage->names.capacity;
	return true;
}

/* A country that is stated and not known is counted, with the line of its entry. */
static uint16_t resolve(struct tw_list_stage *stage, uint32_t entry, struct tw_slice country)
{
	country = tw_list_trim(country);
	if (!country.len || !stage->country_named) {
		return 0;
	}
	uint16_t code = stage->country_named(stage->reference, country);
	if (code == 0) {
		tw_list_stage_skip(stage, "a country that the code lists do not have", tw_list_stage_entry_at(stage, entry)->line, false);
	}
	return code;
}

static bool country_push(struct tw_list_stage *stage, uint32_t entry, uint16_t code)
{
	struct tw_stage_country *added = code ? tw_list_push(&stage->arena, &stage->countries, sizeof(*added)) : NULL;
	if (added) {
		*added = (struct tw_stage_country){entry, code};
	}
	return added || !code;
}

bool tw_list_stage_identifier(struct tw_list_stage *stage, uint32_t entry, const char *scheme, struct tw_slice value, struct tw_slice country)
{
	value = tw_list_trim(value);
	if (value.len == 0) {
		return true;
	}
	struct tw_slice copy = tw_list_squeeze(value, &stage->arena);
	struct tw_stage_identifier *added = copy.ptr ? tw_list_push(&stage->arena, &stage->identifiers, sizeof(*added)) : NULL;
	if (!added) {
		return false;
	}
	*added = (struct tw_stage_identifier){entry, {tw_slice_str(scheme), copy, resolve(stage, entry, country)}};
	stage->report.identifiers++;
	return true;
}

bool tw_list_stage_country(struct tw_list_stage *stage, uint32_t entry, struct tw_slice name)
{
	return country_push(stage, entry, resolve(stage, entry, name));
}

static bool date_equal(struct tw_list_date a, struct tw_list_date b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

bool tw_list_stage_birth(struct tw_list_stage *stage, uint32_t entry, struct tw_list_date date)
{
	const struct tw_stage_birth *births = stage->births.data;
	if (date.year == 0) {
		return true;
	}
	for (uint32_t i = stage->births.count; i && births[i - 1].entry == entry; i--) {
		if (date_equal(births[i - 1].date, date)) {
			return true;
		}
	}
	struct tw_stage_birth *added = tw_list_push(&stage->arena, &stage->births, sizeof(*added));
	if (added) {
		*added = (struct tw_stage_birth){entry, date};
	}
	return added != NULL;
}

/* "Office 5, Dock Road": parts that are not blank. */
static struct tw_slice parts_join(struct tw_list_stage *stage, const struct tw_slice *parts, uint32_t count)
{
	size_t room = 1;
	for (uint32_t i = 0; i < count; i++) {
		room += (size_t)parts[i].len + 2;
	}
	char *out = tw_arena_alloc_raw(&stage->arena, room);
	uint32_t length = 0;
	for (uint32_t i = 0; out && i < count; i++) {
		struct tw_slice part = tw_list_trim(parts[i]);
		if (part.len && length) {
			out[length++] = ',';
			out[length++] = ' ';
		}
		if (part.len) {
			memcpy(out + length, part.ptr, part.len);
			length += part.len;
		}
	}
	return (struct tw_slice){out, length};
}

bool tw_list_stage_address(struct tw_list_stage *stage, uint32_t entry, const struct tw_slice *parts, uint32_t part_count, struct tw_slice city,
                           struct tw_slice country)
{
	struct tw_slice text = parts_join(stage, parts, part_count);
	if (!text.ptr) {
		return false;
	}
	city = tw_list_trim(city);
	country = tw_list_trim(country);
	if (text.len + city.len + country.len == 0) {
		return true;
	}
	struct tw_slice text_copy = tw_list_squeeze(text, &stage->arena), city_copy = tw_list_squeeze(city, &stage->arena);
	struct tw_stage_address *added = text_copy.ptr && city_copy.ptr ? tw_list_push(&stage->arena, &stage->addresses, sizeof(*added)) : NULL;
	if (!added) {
		return false;
	}
	*added = (struct tw_stage_address){entry, {text_copy, city_copy, resolve(stage, entry, country)}};
	stage->report.addresses++;
	return country_push(stage, entry, added->address.country);
}

bool tw_list_stage_link(struct tw_list_stage *stage, uint32_t entry, enum tw_list_relation relation, struct tw_slice to)
{
	to = tw_list_trim(to);
	if (to.len == 0) {
		return true;
	}
	struct tw_slice copy = tw_list_squeeze(to, &stage->arena);
	struct tw_stage_link *added = copy.ptr ? tw_list_push(&stage->arena, &stage->links, sizeof(*added)) : NULL;
	if (!added) {
		return false;
	}
	*added = (struct tw_stage_link){entry, {relation, copy}};
	return true;
}

/* Reasons are few and constant: one past the room is counted with the last. */
void tw_list_stage_skip(struct tw_list_stage *stage, const char *reason, uint32_t line, bool unread)
{
	struct tw_list_report *report = &stage->report;
	uint32_t at = 0;
	while (at < report->skip_count && strcmp(report->skip[at].reason, reason) != 0) {
		at++;
	}
	if (at == TW_LIST_SKIPS_MAX) {
		at--;
	} else if (at == report->skip_count) {
		report->skip[report->skip_count++] = (struct tw_list_skip){reason, 0, line, unread};
	}
	report->skip[at].count++;
}

void tw_list_stage_count(struct tw_list_stage *stage, enum tw_entry_kind kind)
{
	struct tw_list_report *report = &stage->report;
	report->persons += kind == TW_ENTRY_PERSON;
	report->organisations += kind == TW_ENTRY_ORGANISATION;
	report->vessels += kind == TW_ENTRY_VESSEL;
	report->aircraft += kind == TW_ENTRY_AIRCRAFT;
	report->others += kind == TW_ENTRY_UNKNOWN;
}

/* Weighted sum of the first six digits. */
static uint32_t weighted(const char *digits, const char *weights)
{
	uint32_t sum = 0;
	for (int i = 0; i < 6; i++) {
		sum += (uint32_t)(digits[i] - '0') * (uint32_t)(weights[i] - '0');
	}
	return sum;
}

const char *tw_list_imo_scheme(struct tw_slice digits, enum tw_entry_kind kind)
{
	if (digits.len != 7) {
		return NULL;
	}
	for (uint32_t i = 0; i < 7; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
			return NULL;
		}
	}
	uint32_t check = (uint32_t)(digits.ptr[6] - '0');
	bool ship = weighted(digits.ptr, "765432") % 10 == check;
	bool company = (11 - weighted(digits.ptr, "864297") % 11) % 10 == check;
	if (company && (!ship || kind != TW_ENTRY_VESSEL)) {
		return "imo_company";
	}
	return ship ? "imo" : NULL;
}
