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

/* As a text has the word: what is behind its first blank does not matter. */
static uint64_t word(const char *bytes)
{
	char room[TW_KEY_WORD_BYTES] = {0};
	memcpy(room, bytes, strlen(bytes) < sizeof(room) ? strlen(bytes) : sizeof(room));
	return tw_key_word(room);
}

static uint64_t gram(const char *bytes)
{
	char room[TW_KEY_BYTES] = {0};
	memcpy(room, bytes, strlen(bytes));
	return TW_KEY_GRAM | tw_key_load(room);
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

Test(required_key, a_word_is_known_whole_or_by_its_head_and_with_the_next_one)
{
	cr_assert(has_key(" gas pistons ", tw_key_whole(word("pistons ")), false));
	cr_assert(has_key(" gas pistons ", tw_key_whole(word("gas ")), false));
	cr_assert(has_key(" gas pistons ", tw_key_pair(word("gas "), word("pi")), false));
	cr_assert(has_key(" m4 pro ", tw_key_pair(word("m4 "), word("pr")), false));
	cr_assert(has_key(" m4 x", tw_key_whole(word("m4 ")), false));
	cr_assert_not(has_key(" m4 x", tw_key_pair(word("m4 "), word("x")), false), "two bytes of the next");
	cr_assert(has_key(" gas pist", tw_key_head(word("pist")), false));
	cr_assert(has_key(" gas piston", tw_key_head(word("pist")), false), "it may go on");
	cr_assert(has_key(" suppressor", tw_key_whole(word("suppress")), false), "eight are enough");
	cr_assert_not(has_key("gas pistons", tw_key_pair(word("gas "), word("pi")), false), "it may be degas pistons");
	cr_assert(has_key(" fnc", tw_key_head(word("fnc")), true), "any byte may follow");
	cr_assert_not(has_key(" ak", tw_key_head(word("ak")), true));
	cr_assert_not(has_key(" ak", tw_key_head(word("ak")), false));
}

static bool all_of(const char *literal, uint64_t key)
{
	struct tw_required_text text = literal_of(literal);
	struct tw_required_key keys[TW_KEYS_MAX];
	uint32_t count = tw_required_keys(&text, keys);
	for (uint32_t i = 0; i < count; i++) {
		if (keys[i].key == key) {
			return keys[i].all;
		}
	}
	cr_assert_fail("\"%s\" has no such key", literal);
	return false;
}

Test(required_key, a_key_that_says_all_of_its_literal_is_told_apart)
{
	cr_assert(all_of(" piston ", tw_key_whole(word("piston "))));
	cr_assert(all_of(" gas ", tw_key_whole(word("gas "))));
	cr_assert(all_of(" rifl", tw_key_head(word("rifl"))));
	cr_assert_not(all_of(" rifle", tw_key_head(word("rifl"))));
	cr_assert_not(all_of(" cartridge ", tw_key_whole(word("cartridg"))));
	cr_assert_not(all_of(" gas piston ", tw_key_whole(word("piston "))));
	cr_assert_not(all_of(" gas piston ", tw_key_whole(word("gas "))));
	cr_assert_not(all_of(" gas pi", tw_key_pair(word("gas "), word("pi"))));
}

Test(required_key, a_gram_has_no_blank_inside_and_short_ones_stand_in_only_where_there_is_no_other)
{
	cr_assert(has_key("9x39", gram("9x39"), false));
	cr_assert_not(has_key("19 x 39", gram("9 x "), false));
	cr_assert(has_key("gun", gram("gun"), true));
	cr_assert(has_key("a b", TW_KEY_SHORT | gram("a "), false));
	cr_assert_not(has_key("rifle", TW_KEY_SHORT | gram("ri"), false));
	struct tw_required_text text = literal_of("gun");
	struct tw_required_key best;
	cr_assert_not(tw_required_key_best(&text, &best), "neither open nor short");
	text = literal_of("9 18");
	cr_assert(tw_required_key_best(&text, &best));
	cr_assert_eq(best.key, tw_key_begin(word("18")), "better than nothing");
	cr_assert(tw_key_is_begin(best.key) && tw_key_of_word(best.key));
	text = literal_of(" the rifle");
	cr_assert(tw_required_key_best(&text, &best));
	cr_assert_eq(best.key, tw_key_head(word("rifl")));
	cr_assert_eq(best.before, 5);
	text = literal_of(" machine parts ");
	cr_assert(tw_required_key_best(&text, &best));
	cr_assert_eq(best.key, tw_key_pair(word("machine "), word("pa")), "each of the two is in many texts");
	cr_assert_eq(best.before, 1);
}

Test(required_key, nothing_behind_the_first_blank_is_in_a_word)
{
	cr_assert_eq(word("ab c"), word("ab "));
	cr_assert_eq(word("a  b"), word("a "));
	cr_assert_eq(word("abcdefg h"), word("abcdefg "));
	cr_assert_eq(word("abcdefgh"), word("abcdefghi"));
	cr_assert_eq(word("abc "), tw_key_head(word("abc ")));
	cr_assert_eq(word("abc "), tw_key_whole(word("abc ")));
	cr_assert_neq(word("a_9z "), tw_key_head(word("a_9z ")));
	cr_assert_eq(tw_key_head(word("a_9z ")), tw_key_head(word("a_9zb")));
	cr_assert_neq(tw_key_whole(word("a_9z ")), tw_key_whole(word("a_9zb ")));
}

Test(required_key, keys_of_each_kind_are_no_other_kind_s)
{
	uint64_t whole = tw_key_whole(word("barrels ")), head = tw_key_head(word("barr")), pair = tw_key_pair(word("barrels "), word("of "));
	cr_assert(tw_key_of_word(whole) && tw_key_of_word(head) && tw_key_of_word(pair));
	cr_assert_not(tw_key_of_word(gram("barr")) || tw_key_of_word(TW_KEY_SHORT | gram("ba")));
	cr_assert_not(tw_key_is_begin(whole) || tw_key_is_begin(head) || tw_key_is_begin(pair) || tw_key_is_begin(gram("barr")));
	cr_assert_eq(tw_key_begin(word("barrels ")), tw_key_begin(word("ba")));
	cr_assert_eq(tw_key_head_of(whole), head);
	cr_assert_eq(tw_key_head_of(pair), head);
	cr_assert_eq(tw_key_head_of(head), head);
	cr_assert_neq(pair, tw_key_pair(word("barrels "), word("on ")));
	cr_assert_neq(pair, tw_key_pair(word("barrel "), word("of ")));
	cr_assert_eq(pair, tw_key_pair(word("barrels "), word("offers ")), "two bytes of the next");
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
			cr_assert(!keys[j].all || keys[j].before == 1);
			cr_assert(!tw_key_of_word(keys[j].key) || text.bytes[keys[j].before - 1] == ' ');
		}
	}
}
