/**
 * @file shape_test.c
 * The shape table against the listing tests/data/shape.txt, which tests/schema_check.py holds against the published schemas; and the
 * questions that the table answers. After a change of the table: TW_UPDATE=1 rewrites the listing, the schema check does the rest.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/event/shape.h"

#define LISTING    "tests/data/shape.txt"
#define PATH_BYTES 256
#define ROOM       (256 * 1024)

static const char *const kind_words[] = {
    [TW_FIELD_TEXT] = "text",           [TW_FIELD_COUNTRY] = "country", [TW_FIELD_PLACE] = "place",     [TW_FIELD_HS] = "hs",
    [TW_FIELD_CONTAINER] = "container", [TW_FIELD_IMO] = "imo",         [TW_FIELD_CHOICE] = "choice",   [TW_FIELD_AMOUNT] = "amount",
    [TW_FIELD_COUNT] = "count",         [TW_FIELD_DATE] = "date",       [TW_FIELD_INSTANT] = "instant", [TW_FIELD_FLAG] = "flag",
    [TW_FIELD_OBJECT] = "object",       [TW_FIELD_OBJECTS] = "objects", [TW_FIELD_TEXTS] = "texts",
};

static size_t list_shape(const struct tw_shape *shape, const char *path, char *out, size_t room);

/* "manifest /consignment/items/N/line count required" and the words or the most elements */
static size_t list_field(const struct tw_field *field, const char *path, char *out, size_t room)
{
	char own[PATH_BYTES];
	bool list = field->kind == TW_FIELD_OBJECTS || field->kind == TW_FIELD_TEXTS;
	snprintf(own, sizeof(own), "%s/%s", path, field->name);
	size_t used = (size_t)snprintf(out, room, "%s %s %s", own, kind_words[field->kind], field->required ? "required" : "optional");
	for (const char *const *word = field->words; word && *word; word++) {
		used += (size_t)snprintf(out + used, room - used, "%c%s", word == field->words ? ' ' : '|', *word);
	}
	if (list) {
		used += (size_t)snprintf(out + used, room - used, " %u", field->limit);
	}
	used += (size_t)snprintf(out + used, room - used, "\n");
	if (field->shape) {
		snprintf(own, sizeof(own), "%s/%s%s", path, field->name, list ? "/*" : "");
		used += list_shape(field->shape, own, out + used, room - used);
	}
	return used;
}

static size_t list_shape(const struct tw_shape *shape, const char *path, char *out, size_t room)
{
	size_t used = 0;
	for (uint32_t i = 0; i < shape->field_count; i++) {
		if (shape->fields[i].derived) {
			continue;
		}
		used += list_field(&shape->fields[i], path, out + used, room - used);
	}
	return used;
}

Test(shape, the_committed_listing_is_what_the_table_says)
{
	static char made[ROOM], kept[ROOM];
	size_t used = 0;
	for (int i = 1; i <= TW_FAMILIES; i++) {
		used += list_shape(tw_shape_of((enum tw_family)i), tw_family_name((enum tw_family)i), made + used, ROOM - used);
	}
	if (getenv("TW_UPDATE")) {
		FILE *file = fopen(LISTING, "wb");
		cr_assert(file && fwrite(made, 1, used, file) == used);
		fclose(file);
	}
	FILE *file = fopen(LISTING, "rb");
	cr_assert(file, LISTING " is not there");
	size_t size = fread(kept, 1, ROOM - 1, file);
	fclose(file);
	cr_expect_gt(used, 1000);
	cr_expect(size == used && memcmp(made, kept, used) == 0, "the table and " LISTING " differ");
}

Test(shape, every_member_lies_inside_its_struct_and_no_name_stands_twice)
{
	for (int family = 1; family <= TW_FAMILIES; family++) {
		const struct tw_shape *shape = tw_shape_of((enum tw_family)family);
		for (uint32_t i = 0; i < shape->field_count; i++) {
			cr_expect_lt(shape->fields[i].offset, shape->size);
			cr_expect(tw_field_find(shape, tw_slice_str(shape->fields[i].name)) == &shape->fields[i], "%s", shape->fields[i].name);
		}
		cr_expect(tw_field_find(shape, tw_slice_str("colour")) == NULL);
	}
}

Test(shape, event_types_are_found_by_their_full_name_and_know_their_family)
{
	for (int i = TW_CONSIGNMENT_DECLARED; i <= TW_WATCH_REMOVED; i++) {
		const char *name = tw_event_type_name((enum tw_event_type)i);
		cr_expect(tw_event_type_find(tw_slice_str(name)) == (enum tw_event_type)i, "%s", name);
	}
	cr_expect_eq(tw_event_type_family(TW_CERTIFICATE_REVOKED), TW_FAMILY_CERTIFICATE);
	cr_expect_eq(tw_event_type_family(TW_WATCH_REMOVED), TW_FAMILY_DECISION);
	cr_expect_eq(tw_event_type_find(tw_slice_str("declared")), 0);
	cr_expect_eq(tw_event_type_find(tw_slice_str("")), 0);
	cr_expect_str_eq(tw_event_type_name((enum tw_event_type)999), "unknown");
	cr_expect_str_eq(tw_family_name((enum tw_family)0), "unknown");
}

Test(shape, warnings_have_words_both_ways)
{
	for (int i = TW_WARNING_ILL_TYPED; i <= TW_WARNING_ID_REUSED; i++) {
		cr_expect(tw_warning_find(tw_slice_str(tw_warning_name((enum tw_warning_kind)i))) == (enum tw_warning_kind)i);
	}
	cr_expect_eq(tw_warning_find(tw_slice_str("hunch")), 0);
	cr_expect_str_eq(tw_warning_name((enum tw_warning_kind)0), "unknown");
}

Test(shape, a_choice_s_word_is_the_one_that_was_read_and_nothing_beyond_the_set)
{
	const struct tw_field *body = tw_field_find(tw_shape_of(TW_FAMILY_MANIFEST), tw_slice_str("consignment"));
	const struct tw_field *movement = tw_field_find(body->shape, tw_slice_str("movement"));
	cr_expect_str_eq(tw_choice_word(movement, TW_MOVEMENT_TRANSIT), "transit");
	cr_expect_str_eq(tw_choice_word(movement, 0), "");
	cr_expect_str_eq(tw_choice_word(movement, 5), "");
}

Test(shape, a_field_s_span_is_read_by_its_kind_and_lists_have_none)
{
	struct tw_event event = {.id.span = {1, 2}, .time.span = {3, 4}};
	const struct tw_shape *shape = tw_shape_of(TW_FAMILY_MANIFEST);
	cr_expect_eq(tw_field_span(tw_field_find(shape, tw_slice_str("id")), &event).to, 2);
	cr_expect_eq(tw_field_span(tw_field_find(shape, tw_slice_str("time")), &event).from, 3);
	cr_expect_eq(tw_field_span(tw_field_find(shape, tw_slice_str("source")), &event).to, 0);
	cr_expect_eq(tw_field_span(tw_field_find(shape, tw_slice_str("consignment")), &event).to, 0);
}

Test(shape, has_a_form_for_every_kind_and_texts_for_six)
{
	for (enum tw_field_kind kind = TW_FIELD_TEXT; kind <= TW_FIELD_IMO; kind++) {
		cr_assert_eq(tw_field_form(kind), TW_FORM_TEXT);
	}
	cr_assert(tw_field_form(TW_FIELD_CHOICE) == TW_FORM_CHOICE && tw_field_form(TW_FIELD_FLAG) == TW_FORM_FLAG);
	cr_assert(tw_field_form(TW_FIELD_OBJECT) == TW_FORM_OBJECT && tw_field_form(TW_FIELD_TEXTS) == TW_FORM_TEXTS);
}
