/** @file name_script_test.c  Which Latin words spell a word of Arabic or Hebrew letters, how names are cut, and what a key promises. */
#include "feeds/name_script.h"

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

TestSuite(name_script, .init = setup, .fini = teardown);

static const struct tw_script_form *form_of(const char *text, uint32_t at)
{
	struct tw_script_forms *forms = tw_arena_alloc(&arena, sizeof(*forms));
	cr_assert(tw_script_forms_make(tw_slice_str(text), TW_NAME_OF_PERSON, &arena, forms));
	cr_assert_gt(forms->count, at, "%s has %u forms", text, forms->count);
	return &forms->form[at];
}

static int32_t spells(const char *word, const char *latin)
{
	const struct tw_script_form *form = form_of(word, 0);
	cr_assert_eq(form->count, 1u, "%s is %u words", word, form->count);
	return tw_script_spells(form->token[0].word, tw_slice_str(latin));
}

Test(name_script, unwritten_vowels_and_doubled_letters_are_free)
{
	static const char *const pairs[][2] = {
	    {"محمد", "muhammad"}, {"محمد", "mohamed"},  {"محمد", "mehmed"},   {"حسين", "hussein"},    {"حسين", "hossein"},  {"يوسف", "youssef"},
	    {"يوسف", "yusuf"},    {"خالد", "khaled"},   {"قاسم", "qasim"},    {"قاسم", "ghasem"},     {"سعيد", "saeed"},    {"سعيد", "said"},
	    {"فاطمة", "fatima"},  {"فاطمة", "fatimah"}, {"عمر", "omar"},      {"عثمان", "uthman"},    {"بشار", "bashar"},   {"بشار", "bashshar"},
	    {"جعفر", "jaafar"},   {"جعفر", "djafar"},   {"شریفی", "sharifi"}, {"ابراهيم", "ibrahim"}, {"زكريا", "zakaria"}, {"دانیال", "danyal"},
	    {"שלמה", "shlomo"},   {"אברהם", "avraham"}, {"יצחק", "yitzhak"},  {"חיים", "chaim"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_expect_geq(spells(pairs[i][0], pairs[i][1]), 840000, "%s does not spell %s", pairs[i][1], pairs[i][0]);
	}
}

Test(name_script, a_written_vowel_or_another_consonant_makes_another_name)
{
	static const char *const pairs[][2] = {{"حسن", "husayn"}, {"محمود", "muhammad"}, {"علي", "ala"},     {"خالد", "walid"}, {"سالم", "salman"},
	                                       {"كريم", "akram"}, {"נועם", "naama"},     {"يوسف", "yusufi"}, {"محمد", "m"}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_expect_lt(spells(pairs[i][0], pairs[i][1]), 930000, "%s spells %s as if it were written so", pairs[i][1], pairs[i][0]);
	}
	cr_expect_eq(spells("خالد", "walid"), 0);
	cr_expect_eq(spells("محمد", "m"), 0);
}

Test(name_script, the_usual_spelling_is_worth_more_than_a_rare_one)
{
	cr_expect_gt(spells("خالد", "khalid"), spells("خالد", "halid"));
	cr_expect_gt(spells("جمال", "jamal"), spells("جمال", "camal"));
}

Test(name_script, what_spells_a_word_has_one_of_its_keys)
{
	static const char *const latin[] = {"muhammad", "mahmoud", "ahmad", "ishaq", "azhar", "bashshar", "dhahir"};
	static const char *const words[] = {"محمد", "محمود", "احمد", "اسحاق", "ازهر", "بشار", "ظاهر"};
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		const struct tw_script_word *word = form_of(words[w], 0)->token[0].word;
		cr_expect_gt(tw_script_spells(word, tw_slice_str(latin[w])), 0, "%s does not spell %s", latin[w], words[w]);
		for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++) {
			uint64_t key = tw_script_key(tw_slice_str(latin[i]));
			bool has = false;
			for (uint32_t k = 0; k < word->key_count; k++) {
				has |= word->key[k] == key;
			}
			int32_t keyed = tw_script_spells_keyed(word, tw_slice_str(latin[i]));
			cr_expect_eq(tw_script_spells(word, tw_slice_str(latin[i])), has ? keyed : 0, "%s and %s", words[w], latin[i]);
			cr_expect(has || !keyed, "%s spells %s past its keys", latin[i], words[w]);
		}
	}
}

/* "al/s *4": Latin tokens with the letters of their classes, script words by their number of letters. */
static const char *written(const struct tw_script_form *form)
{
	static const char *const classes[] = {"", "/i", "/s", "/f"};
	const char *out = "";
	for (uint32_t i = 0; i < form->count; i++) {
		const struct tw_script_token *token = &form->token[i];
		const char *blank = i ? " " : "";
		out = (token->word ? tw_arena_format(&arena, "%s%s*%u", out, blank, token->word->count)
		                   : tw_arena_format(&arena, "%s%s%.*s%s", out, blank, (int)token->latin.text.len, token->latin.text.ptr,
		                                     classes[token->latin.word]))
		          .ptr;
	}
	return out;
}

Test(name_script, articles_servants_and_fathers_are_cut_three_ways)
{
	cr_expect_str_eq(written(form_of("يوسف الصقري", 0)), "*4 al/s *4");
	cr_expect_str_eq(written(form_of("يوسف الصقري", 1)), "*4 *6");
	cr_expect_str_eq(written(form_of("عبد الرحمن بن ناصر", 0)), "abdul *4 bin/s *4");
	cr_expect_str_eq(written(form_of("عبدالرحمن", 0)), "abdul *4");
	cr_expect_str_eq(written(form_of("عبدالرحمن", 1)), "*9");
	cr_expect_str_eq(written(form_of("عبد الله", 0)), "*7");
	cr_expect_str_eq(written(form_of("أبوناصر", 0)), "abu/s *4");
	cr_expect_str_eq(written(form_of("رحمت الله", 0)), "*8");
	cr_expect_str_eq(written(form_of("رحمت الله", 1)), "*4 *4");
	cr_expect_str_eq(written(form_of("محمدعلی", 1)), "*4 *3");
	cr_expect_str_eq(written(form_of("Yusuf الصقري 7", 0)), "yusuf al/s *4 7");
}

Test(name_script, a_company_is_read_with_its_words_translated_and_with_its_body_alone)
{
	struct tw_script_forms *forms = tw_arena_alloc(&arena, sizeof(*forms));
	cr_assert(tw_script_forms_make(tw_slice_str("بانک تجارت نورس"), TW_NAME_OF_ORGANISATION, &arena, forms));
	bool translated = false, spelt = false;
	for (uint32_t i = 0; i < forms->count; i++) {
		const struct tw_script_token *token = forms->form[i].token;
		cr_assert_eq(forms->form[i].count, 3u);
		cr_expect(tw_slice_is(token[0].latin.text, "bank"));
		translated |= !token[1].word && tw_slice_is(token[1].latin.text, "trading");
		spelt |= token[1].word && tw_script_spells(token[1].word, tw_slice_str("tejarat")) > 0;
	}
	cr_expect(translated && spelt);
}

Test(name_script, marks_and_shapes_of_letters_do_not_count)
{
	cr_expect_eq(spells("مُحَمَّد", "muhammad"), spells("محمد", "muhammad"));
	cr_expect_eq(spells("ﻣﺤﻤﺪ", "muhammad"), spells("محمد", "muhammad"), "presentation forms");
	cr_expect_eq(spells("کریم", "karim"), spells("كريم", "karim"), "Persian letters");
}

Test(name_script, other_scripts_and_ill_formed_bytes_have_no_forms)
{
	static const char *const texts[] = {"", "Yusuf", "Юсуф", "\xd9", "\xd9\xff\xd8", "，。", "١٢٣"};
	struct tw_script_forms forms;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_assert(tw_script_forms_make(tw_slice_str(texts[i]), TW_NAME_OF_PERSON, &arena, &forms));
		cr_expect_eq(forms.count, 0u, "text %zu", i);
	}
	cr_expect_not(tw_script_asks(tw_slice_str("Yusuf Müller")));
	cr_expect(tw_script_asks(tw_slice_str("يوسف")));
}

Test(name_script, long_names_are_cut_at_their_bounds)
{
	const char *many = "", *longest = "";
	struct tw_script_forms forms;
	for (uint32_t i = 0; i < 100; i++) {
		many = tw_arena_format(&arena, "%sنن ", many).ptr;
		longest = tw_arena_format(&arena, "%sذ", longest).ptr;
	}
	cr_assert(tw_script_forms_make(tw_slice_str(many), TW_NAME_OF_PERSON, &arena, &forms));
	cr_expect_eq(forms.form[0].count, (uint32_t)TW_NAME_TOKENS_MAX);
	cr_assert(tw_script_forms_make(tw_slice_str(longest), TW_NAME_OF_PERSON, &arena, &forms));
	cr_expect_eq(forms.form[0].token[0].word->count, (uint32_t)TW_SCRIPT_LETTERS_MAX);
	cr_expect_leq(forms.form[0].token[0].word->key_count, (uint32_t)TW_SCRIPT_KEYS_MAX);
}

Test(name_script, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	struct tw_script_forms forms;
	tw_arena_init(&small, 512, 512);
	cr_expect_not(tw_script_forms_make(tw_slice_str("يوسف ناصر"), TW_NAME_OF_PERSON, &small, &forms));
	tw_arena_fini(&small);
}
