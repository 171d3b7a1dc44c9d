/**
 * @file list_entry.c
 * An entry in words: its kind, the quality of its names, its dates, and each of its fields as a set of texts that two editions can be compared by.
 */
#include "feeds/list_entry.h"

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const kinds[] = {"unknown", "person", "organisation", "vessel", "aircraft"};
static const char *const qualities[] = {"unknown", "primary", "strong", "weak", "former", "original script"};
static const char *const relations[] = {"linked to", "owned by", "operated by", "acting for", "family of", "subsidiary of"};
static const char *const fields[] = {"kind",      "programme", "names",    "identifiers", "countries", "births",
                                     "addresses", "links",     "measures", "listed on",   "removed on"};
_Static_assert(COUNT(fields) == TW_LIST_FIELDS, "a word a field");

const char *tw_entry_kind_name(enum tw_entry_kind kind)
{
	return kinds[(size_t)kind < COUNT(kinds) ? kind : 0];
}

const char *tw_name_quality_name(enum tw_name_quality quality)
{
	return qualities[(size_t)quality < COUNT(qualities) ? quality : 0];
}

const char *tw_list_field_name(enum tw_list_field field)
{
	return fields[field];
}

const char *tw_list_date_text(struct tw_list_date date, char out[TW_LIST_DATE_BYTES])
{
	const char *circa = date.circa ? "circa " : "";
	if (!date.year) {
		out[0] = '\0';
	} else if (!date.month) {
		snprintf(out, TW_LIST_DATE_BYTES, "%s%04u", circa, date.year);
	} else if (!date.day) {
		snprintf(out, TW_LIST_DATE_BYTES, "%s%04u-%02u", circa, date.year, date.month);
	} else {
		snprintf(out, TW_LIST_DATE_BYTES, "%s%04u-%02u-%02u", circa, date.year, date.month, date.day);
	}
	return out;
}

/* The first and the last day that a date may mean, as one number: 20240500 is some day of May. */
static uint32_t first_day(struct tw_list_date date)
{
	return date.year * 10000U + (date.month ? date.month : 1U) * 100U + (date.day ? date.day : 1U);
}

static uint32_t last_day(struct tw_list_date date)
{
	return date.year * 10000U + (date.month ? date.month : 12U) * 100U + (date.day ? date.day : 31U);
}

enum tw_listed tw_list_entry_on(const struct tw_list_entry *entry, struct tw_list_date day)
{
	uint32_t on = first_day(day);
	if (entry->removed_on.year && on >= last_day(entry->removed_on)) {
		return TW_LISTED_NO_MORE;
	}
	if (entry->listed_on.year && on < first_day(entry->listed_on)) {
		return TW_LISTED_NOT_YET;
	}
	bool may_be_gone = entry->removed_on.year && on >= first_day(entry->removed_on);
	bool begun = entry->listed_on.year && on >= last_day(entry->listed_on);
	return begun && !may_be_gone ? TW_LISTED_THEN : TW_LISTED_UNKNOWN;
}

/* Texts of one field while they are being made. */
struct texts {
	struct tw_arena *arena;
	struct tw_list *list; /* struct tw_slice */
	bool fits;
};

static void keep(struct texts *texts, struct tw_slice text)
{
	struct tw_slice *kept = text.ptr && texts->fits ? tw_list_push(texts->arena, texts->list, sizeof(*kept)) : NULL;
	texts->fits = kept != NULL;
	if (kept) {
		*kept = text;
	}
}

static void keep_stated(struct texts *texts, struct tw_slice text)
{
	if (text.len) {
		keep(texts, text);
	}
}

static void keep_date(struct texts *texts, struct tw_list_date date)
{
	char text[TW_LIST_DATE_BYTES];
	if (date.year) {
		keep(texts, tw_arena_copy(texts->arena, tw_slice_str(tw_list_date_text(date, text))));
	}
}

/* " XA", or nothing. */
static const char *country_text(uint16_t code, char out[4])
{
	tw_country_letters(code, out + 1);
	out[0] = code ? ' ' : '\0';
	return out;
}

static void keep_names(struct texts *texts, const struct tw_list_entry *entry)
{
	for (uint32_t i = 0; i < entry->name_count; i++) {
		struct tw_list_name name = tw_list_entry_name(entry, i);
		keep(texts, tw_arena_format(texts->arena, "%.*s (%s)", (int)name.text.len, name.text.ptr, tw_name_quality_name(name.quality)));
	}
}

static void keep_identifiers(struct texts *texts, const struct tw_list_entry *entry)
{
	char country[4];
	for (uint32_t i = 0; i < entry->identifier_count; i++) {
		struct tw_list_identifier number = tw_list_entry_identifier(entry, i);
		keep(texts, tw_arena_format(texts->arena, "%.*s %.*s%s", (int)number.scheme.len, number.scheme.ptr, (int)number.value.len,
		                            number.value.ptr, country_text(number.country, country)));
	}
}

static void keep_addresses(struct texts *texts, const struct tw_list_entry *entry)
{
	char country[4];
	for (uint32_t i = 0; i < entry->address_count; i++) {
		struct tw_list_address address = tw_list_entry_address(entry, i);
		keep(texts, tw_arena_format(texts->arena, "%.*s%s", (int)address.text.len, address.text.len ? address.text.ptr : "",
		                            country_text(address.country, country)));
	}
}

static void keep_links(struct texts *texts, const struct tw_list_entry *entry)
{
	for (uint32_t i = 0; i < entry->link_count; i++) {
		struct tw_list_link link = tw_list_entry_link(entry, i);
		const char *word = relations[(size_t)link.relation < COUNT(relations) ? link.relation : 0];
		keep(texts, tw_arena_format(texts->arena, "%s %.*s", word, (int)link.to.len, link.to.ptr));
	}
}

static void keep_field(struct texts *texts, const struct tw_list_entry *entry, enum tw_list_field field)
{
	char country[4];
	switch (field) {
	case TW_LIST_KIND:
		keep(texts, tw_slice_str(tw_entry_kind_name(entry->kind)));
		break;
	case TW_LIST_PROGRAMME:
		keep_stated(texts, entry->programme);
		break;
	case TW_LIST_NAMES:
		keep_names(texts, entry);
		break;
	case TW_LIST_IDENTIFIERS:
		keep_identifiers(texts, entry);
		break;
	case TW_LIST_COUNTRIES:
		for (uint32_t i = 0; i < entry->country_count; i++) {
			keep(texts, tw_arena_format(texts->arena, "%s", country_text(entry->countries[i], country) + 1));
		}
		break;
	case TW_LIST_BIRTHS:
		for (uint32_t i = 0; i < entry->birth_count; i++) {
			keep_date(texts, entry->births[i]);
		}
		break;
	case TW_LIST_ADDRESSES:
		keep_addresses(texts, entry);
		break;
	case TW_LIST_LINKS:
		keep_links(texts, entry);
		break;
	case TW_LIST_MEASURES:
		if (entry->measures) {
			keep(texts, tw_list_measures_text(entry->measures, texts->arena));
		}
		break;
	case TW_LIST_LISTED_ON:
		keep_date(texts, entry->listed_on);
		break;
	case TW_LIST_REMOVED_ON:
		keep_date(texts, entry->removed_on);
		break;
	case TW_LIST_FIELDS:
		break;
	}
}

bool tw_list_field_texts(const struct tw_list_entry *entry, enum tw_list_field field, struct tw_arena *arena, struct tw_list *out)
{
	struct texts texts = {arena, out, true};
	*out = (struct tw_list){NULL, 0, 0};
	keep_field(&texts, entry, field);
	return texts.fits;
}
