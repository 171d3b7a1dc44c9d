/* What a person types means an entity, by any of its spellings. */
#include "engine/run/state_entity.h"

#include <criterion/criterion.h>
#include <string.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(state_entity, .init = start, .fini = stop);

/* The readings of words, with commas between. */
static const char *meant(const char *const *words, uint32_t count)
{
	struct tw_state_entity entity;
	struct tw_error err = {.detail = ""};
	struct tw_slice all = {"", 0};
	cr_assert_eq(tw_state_entity_parse(words, count, &arena, &entity, &err), TW_OK, "%s: %s", err.what, err.detail);
	for (uint32_t i = 0; i < entity.key_count; i++) {
		all = tw_arena_format(&arena, "%s%s%.*s", all.ptr, i ? "," : "", (int)entity.keys[i].len, entity.keys[i].ptr);
	}
	return all.ptr;
}

#define MEANT(...) meant((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

Test(state_entity, a_key_may_be_typed_as_it_is_stored_or_as_papers_have_it)
{
	cr_expect_str_eq(MEANT("certificate", "QZ|QZMOD202600417"), "QZ|QZMOD202600417");
	cr_expect_str_eq(MEANT("certificate:qz|QZ/MOD/2026/00417"), "qz|QZ/MOD/2026/00417,QZ|QZMOD202600417");
	cr_expect_str_eq(MEANT("party", "Marble", "Bay", "& Co.|xb"), "Marble Bay & Co.|xb,marble bay co|XB");
	cr_expect_str_eq(MEANT("party:=EORI:XB-123"), "=EORI:XB-123,=EORI:XB123");
	cr_expect_str_eq(MEANT("address", "12 Harbour Road|XB"), "12 Harbour Road|XB,12 harbour road|XB");
	cr_expect_str_eq(MEANT("vessel", "IMO 9074729"), "IMO 9074729,9074729");
	cr_expect_str_eq(MEANT("vessel", "Ocean Star|XA"), "Ocean Star|XA,ocean star|XA");
	cr_expect_str_eq(MEANT("container", "hlxu 123456-7"), "hlxu 123456-7,HLXU1234567");
	cr_expect_str_eq(MEANT("consignment", "A:1 b"), "A:1 b");
	cr_expect_str_eq(MEANT("marking", "Maker|ab-01417"), "Maker|ab-01417,MAKER|AB01417,MAKER|AB-01417");
}

Test(state_entity, what_names_no_entity_is_refused)
{
	struct tw_state_entity entity;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(tw_state_entity_parse((const char *const[]){"vesel", "1"}, 2, &arena, &entity, &err), TW_E_UNKNOWN);
	cr_expect(strstr(err.detail, "vessel"), "%s", err.detail);
	cr_expect_eq(tw_state_entity_parse((const char *const[]){"qqqqqqqq:1"}, 1, &arena, &entity, &err), TW_E_UNKNOWN);
	cr_expect(strstr(err.detail, "consignment"), "%s", err.detail);
	cr_expect_eq(tw_state_entity_parse((const char *const[]){"vessel"}, 1, &arena, &entity, &err), TW_E_MISSING);
	cr_expect_eq(tw_state_entity_parse((const char *const[]){"vessel:"}, 1, &arena, &entity, &err), TW_E_MISSING);
	cr_expect_eq(tw_state_kind(tw_slice_str("")), (enum tw_entity_kind)0);
}
