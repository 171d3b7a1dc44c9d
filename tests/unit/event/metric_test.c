/**
 * @file metric_test.c
 * engine/event/metric: the table that rules are checked against and state answers.
 */
#include "engine/event/metric.h"

#include <criterion/criterion.h>

Test(metric, stands_in_the_order_of_its_numbers_and_is_found_by_name)
{
	uint32_t count;
	const struct tw_metric_info *rows = tw_metrics(&count);
	cr_assert_gt(count, 20);
	for (uint32_t i = 0; i < count; i++) {
		cr_assert_eq(rows[i].metric, TW_METRIC_SEEN + i, "%s", rows[i].name);
		cr_assert_eq(tw_metric_of(rows[i].metric), &rows[i]);
		cr_assert_eq(tw_metric_find(tw_slice_str(rows[i].name)), &rows[i]);
		cr_assert_neq(rows[i].entities, 0);
		cr_assert_eq(rows[i].words != NULL, rows[i].answer == TW_ANSWER_CHOICE, "%s", rows[i].name);
	}
	cr_assert_eq(rows[count - 1].metric, TW_METRIC_LAST);
}

Test(metric, is_not_found_by_another_name)
{
	cr_assert_null(tw_metric_find(tw_slice_str("sen")));
	cr_assert_null(tw_metric_find(tw_slice_str("")));
}

Test(metric, names_every_entity_kind_by_a_word_of_its_own)
{
	for (int kind = TW_ENTITY_PARTY; kind <= TW_ENTITY_KINDS; kind++) {
		const char *word = tw_entity_name((enum tw_entity_kind)kind);
		cr_assert_str_neq(word, "unknown");
		for (int other = kind + 1; other <= TW_ENTITY_KINDS; other++) {
			cr_assert_str_neq(word, tw_entity_name((enum tw_entity_kind)other));
		}
	}
	cr_assert_str_eq(tw_entity_name((enum tw_entity_kind)0), "unknown");
}
