/**
 * @file text_words_test.c
 * All ways of reading a text agree on random bytes of every length, and say what one byte after the other says; literals stand where they stand.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/required_key.h"
#include "rules/text_words.h"
#include "tests/reference/dice.h"

static const char *const parts[] = {"a",        "Z", "9", "_", " ", "  ", "-", ".", "rifle", "STEEL", "m4", "\xC3\xA9", "\xC5\xBF", "\xE2\x84\xAA",
                                    "\xD0\xBA", "@", "[", "`", "{", "/",  ":"};

static struct tw_slice random_text(struct dice *dice, char *out, size_t room)
{
	uint32_t count = dice_below(dice, 90);
	size_t used = 0;
	for (uint32_t i = 0; i < count; i++) {
		const char *part = parts[dice_below(dice, sizeof(parts) / sizeof(parts[0]))];
		used += (size_t)snprintf(out + used, room - used, "%s", part);
	}
	return (struct tw_slice){out, (uint32_t)used};
}

/* One blank for each byte of a character beyond ASCII, but for those two that are a letter. */
static uint32_t slow_plain(struct tw_slice text, char *out, bool *ascii)
{
	uint32_t used = 0;
	*ascii = true;
	for (uint32_t i = 0; i < text.len; i++) {
		bool s = text.len - i >= 2 && memcmp(text.ptr + i, "\xC5\xBF", 2) == 0,
		     k = text.len - i >= 3 && memcmp(text.ptr + i, "\xE2\x84\xAA", 3) == 0;
		*ascii = *ascii && (unsigned char)text.ptr[i] < 0x80;
		out[used++] = s ? 's' : k ? 'k' : tw_required_char(text.ptr[i]);
		i += s ? 1 : k ? 2 : 0;
	}
	return used;
}

static uint64_t slow_word(const char *plain, uint32_t length, uint32_t at)
{
	char bytes[TW_KEY_WORD_BYTES] = {0};
	for (uint32_t i = 0; i < sizeof(bytes) && (i == 0 || bytes[i - 1] != ' '); i++) {
		bytes[i] = at + i < length ? plain[at + i] : ' ';
	}
	return tw_key_word(bytes);
}

static void check(const struct tw_text_words *words, struct tw_slice text)
{
	char expected[1024];
	bool ascii;
	uint32_t length = slow_plain(text, expected, &ascii), count = 0;
	cr_assert_eq(words->bytes, length);
	cr_assert_eq(words->ascii, ascii);
	cr_assert_eq(memcmp(words->plain, expected, length), 0, "\"%.*s\"", (int)text.len, text.ptr);
	cr_assert_eq(words->plain[-1], ' ');
	cr_assert_eq(words->plain[length], ' ');
	for (uint32_t i = 0; i < length; i++) {
		if (expected[i] != ' ' && (i == 0 || expected[i - 1] == ' ')) {
			cr_assert_lt(count, words->count);
			cr_assert_eq(words->start[count], i);
			cr_assert_eq(words->word[count++], slow_word(expected, length, i));
		}
	}
	cr_assert_eq(words->count, count, "\"%.*s\"", (int)text.len, text.ptr);
	cr_assert_eq(words->word[count], 0);
	for (uint32_t i = 0; i < TW_TEXT_MARGIN; i++) {
		cr_assert(words->plain[length + i] == ' ' && words->plain[-1 - (int64_t)i] == ' ');
	}
}

static const enum tw_text_scan scans[] = {TW_TEXT_SCALAR, TW_TEXT_AVX2, TW_TEXT_AVX512};

Test(text_words, every_way_of_reading_says_what_one_byte_after_the_other_says)
{
	struct tw_text_words words[3] = {{0}};
	struct dice dice = dice_of_seed(7);
	cr_assert(tw_text_scan_has(TW_TEXT_SCALAR) && tw_text_scan_has(tw_text_scan_best()));
	for (uint32_t i = 0; i < 5000; i++) {
		char room[1024];
		struct tw_slice text = random_text(&dice, room, sizeof(room));
		for (uint32_t j = 0; j < 3; j++) {
			if (tw_text_scan_has(scans[j])) {
				cr_assert(tw_text_words_of(&words[j], text, scans[j]));
				check(&words[j], text);
			}
		}
	}
	for (uint32_t j = 0; j < 3; j++) {
		tw_text_words_fini(&words[j]);
	}
}

Test(text_words, as_many_words_as_there_can_be_are_all_found)
{
	for (uint32_t j = 0; j < 3; j++) {
		struct tw_text_words words = {0};
		static char text[10001];
		for (uint32_t i = 0; i < sizeof(text); i++) {
			text[i] = i % 2 ? '.' : 'A';
		}
		for (uint32_t length = 9900; tw_text_scan_has(scans[j]) && length <= sizeof(text); length++) {
			cr_assert(tw_text_words_of(&words, (struct tw_slice){text, length}, scans[j]));
			cr_assert_eq(words.count, (length + 1) / 2);
			cr_assert_eq(words.start[words.count - 1], (words.count - 1) * 2);
			cr_assert_eq(words.word[words.count - 1], 'a' | ' ' << 8);
		}
		tw_text_words_fini(&words);
	}
}

Test(text_words, a_text_at_the_end_of_a_page_is_not_read_beyond)
{
	for (uint32_t j = 0; j < 3; j++) {
		struct tw_text_words words = {0};
		for (uint32_t length = 0; tw_text_scan_has(scans[j]) && length < 130; length++) {
			char *exact = malloc(length + 1); /* the checker of addresses sees a byte too far */
			memset(exact, 'x', length);
			cr_assert(tw_text_words_of(&words, (struct tw_slice){exact, length}, scans[j]));
			cr_assert_eq(words.count, length ? 1 : 0);
			free(exact);
		}
		tw_text_words_fini(&words);
	}
}

static bool holds(const char *text, const char *literal, int64_t at, uint32_t before)
{
	struct tw_text_words words = {0};
	cr_assert(tw_text_words_of(&words, tw_slice_str(text), tw_text_scan_best()));
	bool found = tw_text_words_hold(&words, literal, (uint32_t)strlen(literal), at, before);
	tw_text_words_fini(&words);
	return found;
}

Test(text_words, a_blank_of_a_literal_is_any_run_of_what_is_no_word)
{
	cr_assert(holds("gas - PISTONS", " gas pistons ", 6, 5));
	cr_assert(holds("gas - PISTONS", " gas pistons ", 0, 1));
	cr_assert(holds("...gas - PISTONS...", "gas pistons ", 9, 4));
	cr_assert(holds("rifle", " rifle ", -1, 0));
	cr_assert(holds("gas   ak", "gas ak", 5, 3), "found by the last of the blanks");
	cr_assert_not(holds("gas   ak", "gat ak", 5, 3));
	cr_assert_not(holds("gasx - pistons", " gas pistons ", 7, 5));
	cr_assert_not(holds("a gas", " gas pistons ", 2, 1));
	cr_assert_not(holds("pistons", " gas pistons ", 0, 5));
	cr_assert_not(holds("gas pistonss", " gas pistons ", 0, 1));
	cr_assert_not(holds("   gas", "x gas", 3, 2));
}
