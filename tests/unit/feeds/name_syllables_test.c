/** @file name_syllables_test.c  Romanisations of Chinese and Korean names that meet, and words of other languages that are none. */
#include "feeds/name_syllables.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_syllables, .init = setup, .fini = teardown);

static void expect_word(uint32_t (*word)(struct tw_slice, char *), const char *text, const char *expected)
{
	char out[TW_NAME_FORM_TOKEN_MAX];
	struct tw_slice found = {out, word(tw_slice_str(text), out)};
	cr_expect(tw_slice_is(found, expected), "%s: \"%.*s\", not \"%s\"", text, (int)found.len, found.ptr, expected);
}

static bool meet(const char *a, const char *b)
{
	struct tw_name_forms one, two;
	cr_assert(tw_name_forms_make(tw_slice_str(a), TW_NAME_OF_PERSON, &arena, &one));
	cr_assert(tw_name_forms_make(tw_slice_str(b), TW_NAME_OF_PERSON, &arena, &two));
	for (uint32_t i = 0; i < one.count; i++) {
		for (uint32_t k = 0; k < two.count; k++) {
			const struct tw_name_form *x = &one.form[i], *y = &two.form[k];
			if (x->read == TW_READ_SYLLABLES && y->read == TW_READ_SYLLABLES && tw_slice_equal(x->token[0].text, y->token[0].text) &&
			    tw_slice_equal(x->token[1].text, y->token[1].text)) {
				return true;
			}
		}
	}
	return false;
}

Test(name_syllables, pinyin_and_wade_giles_are_one_word)
{
	static const char *const pairs[][2] = {{"zhang", "chang"},
	                                       {"xiaoming", "hsiaoming"},
	                                       {"guoqiang", "kuochiang"},
	                                       {"jian", "chien"},
	                                       {"quan", "chuan"},
	                                       {"zi", "tzu"},
	                                       {"shi", "shih"},
	                                       {"rong", "jung"},
	                                       {"yan", "yen"},
	                                       {"gui", "kuei"},
	                                       {"duo", "to"},
	                                       {"he", "ho"},
	                                       {"xue", "hsueh"},
	                                       {"cai", "tsai"},
	                                       {"dong", "tung"}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char out[TW_NAME_FORM_TOKEN_MAX + 1];
		out[tw_name_chinese(tw_slice_str(pairs[i][0]), out)] = '\0';
		expect_word(tw_name_chinese, pairs[i][1], out);
	}
}

Test(name_syllables, words_of_other_languages_are_none)
{
	static const char *const words[] = {"smith", "petrov", "ahmed", "brandt", "kowalski", "x", ""};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		expect_word(tw_name_chinese, words[i], "");
		expect_word(tw_name_korean, words[i], "");
	}
}

Test(name_syllables, a_chinese_person_is_found_by_every_romanisation)
{
	cr_expect(meet("ZHANG, Xiaoming", "Chang Hsiao-ming"));
	cr_expect(meet("Xiaoming Zhang", "CHEUNG Xiao Ming"));
	cr_expect(meet("Chen Dafeng", "Tan Dafeng"));
	cr_expect(meet("Chen Dafeng", "Dafeng Chan"));
	cr_expect(meet("Cai Li", "Tsai Li"));
	cr_expect(meet("Wu Yingjie", "Ng Ying Jie"));
	cr_expect(meet("Huang Yingjie", "Wong Ying-jie"));
	cr_expect(meet("Xu Bin", "Koh Bin"), "bin is a word of the name here");
	cr_expect_not(meet("Zhang Xiaoming", "Zhang Xiaomin"));
	cr_expect_not(meet("Zhang Xiaoming", "Li Xiaoming"));
}

Test(name_syllables, a_korean_person_is_found_by_every_romanisation)
{
	cr_expect(meet("RI, Won Ho", "Lee Won-Ho"));
	cr_expect(meet("RI Won Ho", "Wonho Yi"));
	cr_expect(meet("KIM, Kyong Hak", "Gim Gyeong-hak"));
	cr_expect(meet("PAK Chol", "Park Cheol"));
	cr_expect(meet("CHOE Song Il", "Choi Sung Il"));
	cr_expect(meet("JONG Hyon U", "Jung Hyun Woo"));
	cr_expect_not(meet("KIM Kyong Hak", "PAK Kyong Hak"));
	cr_expect_not(meet("KIM Kyong Hak", "KIM Kyong Nam"));
}

Test(name_syllables, a_name_without_such_a_surname_or_of_many_words_has_none)
{
	struct tw_name_form name = {.count = 2, .token = {{tw_slice_str("dana"), TW_WORD_PLAIN}, {tw_slice_str("sabine"), TW_WORD_PLAIN}}};
	struct tw_name_form out[TW_SYLLABLE_FORMS_MAX];
	uint32_t count = 9;
	cr_assert(tw_name_syllables(&name, &arena, out, &count));
	cr_expect_eq(count, 0);
	name.count = 1;
	cr_assert(tw_name_syllables(&name, &arena, out, &count));
	cr_expect_eq(count, 0);
	name = (struct tw_name_form){.count = 4};
	for (uint32_t i = 0; i < 4; i++) {
		name.token[i] = (struct tw_name_form_token){tw_slice_str("li"), TW_WORD_PLAIN};
	}
	cr_assert(tw_name_syllables(&name, &arena, out, &count));
	cr_expect_eq(count, 0);
}

Test(name_syllables, an_arena_at_its_ceiling_is_told)
{
	struct tw_arena small;
	struct tw_name_form name = {.count = 2, .token = {{tw_slice_str("li"), TW_WORD_PLAIN}, {tw_slice_str("wei"), TW_WORD_PLAIN}}};
	struct tw_name_form out[TW_SYLLABLE_FORMS_MAX];
	uint32_t count;
	tw_arena_init(&small, 64, 64);
	while (tw_arena_alloc_raw(&small, 1)) {
	}
	cr_expect_not(tw_name_syllables(&name, &small, out, &count));
	tw_arena_fini(&small);
}
