/**
 * @file required_key_test.c
 * Which keys a literal is looked for by, and that a text that holds the literal has each of them.
 */
#include <criterion/criterion.h>

#include "rules/required_key.h"
#include "tests/reference/dice.h"

static struct tw_required_text literal_of(const char *bytes)
{
	struct tw_required_text text = {.len = (uint8_t)strlen(bytes)};
	memcpy(text.bytes, bytes, text.len);
	return text;
}

static uint32_t head(const char *four)
{
	return tw_key_load(four);
}

static bool has_key(const char *literal, uint64_t key, bool open)
{
	struct tw_required_text text = literal_of(literal);
	struct tw_required_key keys[TW_KEYS_MAX];
	uint32_t count = tw_required_keys(&text, keys);
	for (uint32_t i = 0; i < count; i++) {
		if (keys[i].key == key && keys[i].open == open) {
			return true;
		}
	}
	return false;
}

Test(required_key, a_word_is_known_by_its_first_bytes_and_by_those_of_the_word_before)
{
	cr_assert(has_key(" gas pistons ", head("pist"), false));
	cr_assert(has_key(" gas pistons ", head("gas "), false));
	cr_assert(has_key(" gas pistons ", tw_key_pair(head("gas "), head("pist")), false));
	cr_assert(has_key(" m4 pro ", tw_key_pair(head("m4 \0"), head("pro ")), false));
	cr_assert_not(has_key("gas pistons", tw_key_pair(head("gas "), head("pist")), false), "it may be degas pistons");
	cr_assert(has_key(" fnc", head("fnc\0"), true), "any byte may follow");
	cr_assert_not(has_key(" ak", head("ak\0\0"), true));
	cr_assert_not(has_key(" ak", head("ak\0\0"), false));
}

Test(required_key, a_gram_has_no_blank_inside_and_short_ones_stand_in_only_where_there_is_no_other)
{
	cr_assert(has_key("9x39", TW_KEY_GRAM | head("9x39"), false));
	cr_assert_not(has_key("19 x 39", TW_KEY_GRAM | head("9 x "), false));
	cr_assert(has_key("gun", TW_KEY_GRAM | head("gun\0"), true));
	cr_assert(has_key("a b", TW_KEY_SHORT | head("a \0\0"), false));
	cr_assert_not(has_key("rifle", TW_KEY_SHORT | head("ri\0\0"), false));
	struct tw_required_text text = literal_of("gun");
	struct tw_required_key best;
	cr_assert_not(tw_required_key_best(&text, &best), "neither open nor short");
	text = literal_of(" the rifle");
	cr_assert(tw_required_key_best(&text, &best));
	cr_assert_eq(best.key, tw_key_pair(head("the "), head("rifl")));
	cr_assert_eq(best.before, 5);
}

Test(required_key, nothing_behind_the_first_blank_is_in_a_head)
{
	cr_assert_eq(tw_key_head("ab c"), head("ab \0"));
	cr_assert_eq(tw_key_head("a  b"), head("a \0\0"));
	cr_assert_eq(tw_key_head("abc "), head("abc "));
	cr_assert_eq(tw_key_head("a_9z"), head("a_9z"));
}

Test(required_key, every_literal_of_two_bytes_or_more_has_a_key_that_stands_in_it)
{
	struct dice dice = dice_of_seed(3);
	for (uint32_t i = 0; i < 20000; i++) {
		struct tw_required_text text = {.len = (uint8_t)(2 + dice_below(&dice, TW_REQUIRED_BYTES_MAX - 1))};
		struct tw_required_key keys[TW_KEYS_MAX];
		for (uint32_t j = 0; j < text.len; j++) {
			text.bytes[j] = "abk7_ "[dice_below(&dice, j && text.bytes[j - 1] == ' ' ? 5 : 6)]; /* never two blanks */
		}
		uint32_t count = tw_required_keys(&text, keys);
		cr_assert(count && count <= TW_KEYS_MAX, "\"%.*s\"", text.len, text.bytes);
		for (uint32_t j = 0; j < count; j++) {
			cr_assert_lt(keys[j].before, text.len);
			cr_assert(!tw_key_of_word(keys[j].key) || text.bytes[keys[j].before - 1] == ' ');
		}
	}
}
