/** @file name_forms_test.c  Which spellings meet in a form, by script and family, and what hostile text becomes. */
#include "feeds/name_forms.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "feeds/name_latin.h"
#include "feeds/name_spelling.h"
#include "feeds/name_form_words.h"
#include "feeds/name_trade_words.h"
#include "feeds/name_words.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_forms, .init = setup, .fini = teardown);

static struct tw_name_forms forms_of_bytes(struct tw_slice text, enum tw_name_domain domain)
{
	struct tw_name_forms forms;
	cr_assert(tw_name_forms_make(text, domain, &arena, &forms));
	return forms;
}

/* "al/s salam co/f": the words with the letters of their classes. */
static struct tw_slice written(const struct tw_name_form *form)
{
	struct tw_slice out = tw_arena_format(&arena, "%s", "");
	for (uint32_t i = 0; i < form->count; i++) {
		const struct tw_name_form_token *token = &form->token[i];
		static const char *const classes[] = {"", "/i", "/s", "/f"};
		out = tw_arena_format(&arena, "%s%s%.*s%s", out.ptr, i ? " " : "", (int)token->text.len, token->text.ptr, classes[token->word]);
	}
	return out;
}

static void expect_forms(const char *text, enum tw_name_domain domain, const char *const *expected, uint32_t count)
{
	struct tw_name_forms forms = forms_of_bytes(tw_slice_str(text), domain);
	for (uint32_t i = 0; i < count; i++) {
		bool found = false;
		for (uint32_t k = 0; k < forms.count; k++) {
			found |= tw_slice_is(written(&forms.form[k]), expected[i]);
		}
		cr_expect(found, "%s: no form \"%s\", the first is \"%s\"", text, expected[i], forms.count ? written(&forms.form[0]).ptr : "");
	}
}

#define EXPECT(text, domain, ...)                                                                                                                    \
	do {                                                                                                                                         \
		const char *const list[] = {__VA_ARGS__};                                                                                            \
		expect_forms(text, domain, list, sizeof(list) / sizeof(list[0]));                                                                    \
	} while (0)

static bool meet(const char *a, const char *b, enum tw_name_domain domain)
{
	struct tw_name_forms one = forms_of_bytes(tw_slice_str(a), domain), two = forms_of_bytes(tw_slice_str(b), domain);
	for (uint32_t i = 0; i < one.count; i++) {
		for (uint32_t k = 0; k < two.count; k++) {
			if (tw_slice_equal(written(&one.form[i]), written(&two.form[k]))) {
				return true;
			}
		}
	}
	return false;
}

Test(name_forms, the_first_form_is_what_is_written)
{
	struct tw_name_forms forms = forms_of_bytes(tw_slice_str("Youssef MOHAMED"), TW_NAME_OF_PERSON);
	cr_assert_geq(forms.count, 2);
	cr_expect_str_eq(written(&forms.form[0]).ptr, "youssef mohamed");
	cr_expect_str_eq(written(&forms.form[1]).ptr, "yusuf muhamad");
}

Test(name_forms, families_of_arabic_and_russian_spellings_meet)
{
	const char *pairs[][2] = {
	    {"Mohamed", "Muhammad"},
	    {"Mohammad", "Mohammed"},
	    {"Yusuf", "Youssef"},
	    {"Yousef", "Yusif"},
	    {"Hussein", "Husain"},
	    {"Abdul Rahman", "Abdelrahman"},
	    {"Abd al Rahman", "Abdurrahman"},
	    {"Abd el-Rahman", "Abdul Rahman"},
	    {"Fatimah", "Fatma"},
	    {"Qasim", "Kassem"},
	    {"Ivanov", "Ivanoff"},
	    {"Romanovsky", "Romanovskiy"},
	    {"Romanovskii", "Romanovskij"},
	    {"Sergei", "Sergey"},
	    {"Yekaterina", "Ekaterina"},
	    {"Dmitriy", "Dmitry"},
	    {"Yuri", "Iouri"},
	    {"Volodymyr Petrovych", "Vladimir Petrovich"},
	    {"Ihar Mikalaievich", "Igor Mikalaievich"},
	    {"Mykhailo Serhiyovych", "Mikhail Sergeevich"},
	    {"Uladzimir Siarheevich", "Vladimir Sergeevich"},
	    {"Olena Volodymyrivna", "Elena Vladimirovna"},
	    {"Fyodorov", "Fedorov"},
	    {"Олексій Михайлович Квілл", "Oleksii Mykhailovych Kvill"},
	    {"Сяргей Квіллавіч Гулль", "Siarhei Kvillavich Hull"},
	    {"Григорій Єрна", "Hryhorii Yerna"},
	    {"Ali bin Omar", "Ali ibn Umar"},
	    {"El Salam", "Al-Salam"},
	    {"Alsalam", "Al Salam"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_expect(meet(pairs[i][0], pairs[i][1], TW_NAME_OF_PERSON), "%s and %s do not meet", pairs[i][0], pairs[i][1]);
	}
}

Test(name_forms, unlike_names_do_not_meet)
{
	const char *pairs[][2] = {{"Hassan", "Hussein"}, {"Ahmed", "Hamid"},           {"Ivanov", "Ivanova"}, {"Yusuf", "Yasir"},
	                          {"Bell", "Bill"},      {"Sokolovich", "Sokolevich"}, {"Tokyo", "Toke"}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_expect_not(meet(pairs[i][0], pairs[i][1], TW_NAME_OF_PERSON), "%s and %s meet", pairs[i][0], pairs[i][1]);
	}
}

Test(name_forms, other_scripts_are_read_in_latin)
{
	EXPECT("Сергей Иванов", TW_NAME_OF_PERSON, "sergey ivanov");
	EXPECT("Хрущёв", TW_NAME_OF_PERSON, "khrushchev", "hruschyov");
	EXPECT("Юрий Достоевский", TW_NAME_OF_PERSON, "yury dostoevsky");
	EXPECT("محمد حسن", TW_NAME_OF_PERSON, "mahamad hasan");
	EXPECT("السلام", TW_NAME_OF_PERSON, "al/s salam", "alsalam");
	EXPECT("김정은", TW_NAME_OF_PERSON, "kim jeong eun", "kim jong un", "kim jongun");
	EXPECT("王小明", TW_NAME_OF_PERSON, "wang xiao ming", "wang xiaoming");
	EXPECT("Γιώργος", TW_NAME_OF_PERSON, "giorgos");
	EXPECT("გიორგი", TW_NAME_OF_PERSON, "giorgi");
	EXPECT("Արմեն", TW_NAME_OF_PERSON, "armen");
	EXPECT("राम", TW_NAME_OF_PERSON, "rama");
	EXPECT("דוד", TW_NAME_OF_PERSON, "dud");
	EXPECT("ひらがな", TW_NAME_OF_PERSON, "hiragana");
}

Test(name_forms, letters_that_look_like_cyrillic_ones_are_read_so_among_them)
{
	EXPECT("Cofья", TW_NAME_OF_PERSON, "cofya"); /* an f is no look-alike */
	EXPECT("Cофья Сoкoлoва", TW_NAME_OF_PERSON, "sofya sokolova");
	EXPECT("Iгар Ткачëв", TW_NAME_OF_PERSON, "igar tkachev");
	EXPECT("Ниĸолай", TW_NAME_OF_PERSON, "nikolay");
	EXPECT("Quill Оак", TW_NAME_OF_PERSON, "quill oak");
	EXPECT("Hеron", TW_NAME_OF_PERSON, "heron"); /* a Latin word with one Cyrillic letter */
	EXPECT("Әлия", TW_NAME_OF_PERSON, "aliya");
}

Test(name_forms, words_of_companies_are_translated_beside_being_read)
{
	EXPECT("ОАО «Снегирский завод»", TW_NAME_OF_ORGANISATION, "jsc/f snegirsky plant", "jsc/f snegirsk plant");
	EXPECT("深圳市海鹭科技有限公司", TW_NAME_OF_ORGANISATION, "shenzhen hailu technology co/f llc/f");
	EXPECT("北海海鹭", TW_NAME_OF_ORGANISATION, "bei hai hai lu", "beihaihailu");
	EXPECT("Снегирь завод", TW_NAME_OF_PERSON, "snegir zavod");
	EXPECT("노광철", TW_NAME_OF_PERSON, "no kwang chol");
}

Test(name_forms, scripts_and_latin_meet)
{
	cr_expect(meet("Дмитрий Иванов", "Dmitri Ivanoff", TW_NAME_OF_PERSON));
	cr_expect(meet("Евгений", "Yevgeny", TW_NAME_OF_PERSON));
	cr_expect(meet("ООО Ромашка", "Romashka", TW_NAME_OF_PERSON) == false);
	cr_expect(meet("Łukasz Müller", "Lukasz Muller", TW_NAME_OF_PERSON));
	cr_expect(meet("Søren", "SOREN", TW_NAME_OF_PERSON));
}

Test(name_forms, company_forms_are_one_token_of_their_class)
{
	EXPECT("Al-Salam Trading Co., L.L.C.", TW_NAME_OF_ORGANISATION, "al/s salam trading co/f llc/f", "alsalam trading co/f llc/f");
	EXPECT("Quill GmbH", TW_NAME_OF_ORGANISATION, "quill llc/f");
	EXPECT("Quill Limited Liability Company", TW_NAME_OF_ORGANISATION, "quill llc/f");
	EXPECT("Public Joint Stock Company Quill", TW_NAME_OF_ORGANISATION, "jsc/f quill");
	EXPECT("ООО Ромашка", TW_NAME_OF_ORGANISATION, "llc/f romashka");
	EXPECT("Quill sp. z o.o.", TW_NAME_OF_ORGANISATION, "quill llc/f");
	EXPECT("Quill X S.A.", TW_NAME_OF_ORGANISATION, "quill x/i jsc/f");
	EXPECT("Quill Limited Edition", TW_NAME_OF_ORGANISATION, "quill llc/f edition");
	EXPECT("Limited", TW_NAME_OF_ORGANISATION, "limited");
	EXPECT("Ltd Liab Co Quill", TW_NAME_OF_ORGANISATION, "llc/f quill");
	EXPECT("Quill Proprietary Limited", TW_NAME_OF_ORGANISATION, "quill llc/f");
	EXPECT("Federal State Unitary Enterprise Quill", TW_NAME_OF_ORGANISATION, "soe/f quill");
	EXPECT("Iyad Ag", TW_NAME_OF_PERSON, "iyad ag");
}

Test(name_forms, abbreviations_are_written_out_for_organisations)
{
	EXPECT("Quill Intl Trdg Co", TW_NAME_OF_ORGANISATION, "quill international trading co/f");
	EXPECT("Quill Indl Svcs & Engrg", TW_NAME_OF_ORGANISATION, "quill industrial services and/s engineering");
	EXPECT("Quill Bros Shpg", TW_NAME_OF_ORGANISATION, "quill brothers shipping");
	EXPECT("Bros Quill", TW_NAME_OF_PERSON, "bros quill");
	EXPECT("Quill Bombay", TW_NAME_OF_ORGANISATION, "quill mumbai");
	EXPECT("Kiev Quill Works", TW_NAME_OF_ORGANISATION, "kyiv quill works");
	EXPECT("Kiev Bombay", TW_NAME_OF_PERSON, "kiev bombay");
}

Test(name_forms, initials_stand_apart_in_a_persons_name)
{
	EXPECT("J. R. Smith", TW_NAME_OF_PERSON, "j/i r/i smith");
	EXPECT("J.R. Smith", TW_NAME_OF_PERSON, "j/i r/i smith");
	EXPECT("K.B.C. Trading", TW_NAME_OF_ORGANISATION, "kbc trading");
}

Test(name_forms, ship_prefixes_are_left_out)
{
	EXPECT("M/V Quill Star", TW_NAME_OF_VESSEL, "quill star");
	EXPECT("MT QUILL", TW_NAME_OF_VESSEL, "quill");
	EXPECT("MT", TW_NAME_OF_VESSEL, "mt");
}

static void check_bounds(struct tw_name_forms forms)
{
	cr_assert_leq(forms.count, TW_NAME_FORMS_MAX);
	for (uint32_t i = 0; i < forms.count; i++) {
		cr_assert(forms.form[i].count >= 1 && forms.form[i].count <= TW_NAME_TOKENS_MAX);
		for (uint32_t k = 0; k < forms.form[i].count; k++) {
			struct tw_slice text = forms.form[i].token[k].text;
			cr_assert(text.len >= 1 && text.len <= TW_NAME_FORM_TOKEN_MAX);
			cr_assert_null(memchr(text.ptr, ' ', text.len));
		}
		for (uint32_t k = 0; k < i; k++) {
			cr_assert_not(tw_slice_equal(written(&forms.form[i]), written(&forms.form[k])), "equal forms: %s",
			              written(&forms.form[i]).ptr);
		}
	}
}

Test(name_forms, hostile_text_stays_in_bounds)
{
	static const char *const pieces[] = {"al ", "abd", "x", "\xff", "\xd0", "и", "й ",  "\xe2\x80\x8b", "\xe2\x80\x8f",     "محمد", "金",  "김 ",
	                                     "0",   "a ",  "'", "&",    "ﷺ",    "﷽", "co ", "limited ",     "\xf0\x9f\x98\x80", "ß",    "राम", "-"};
	uint32_t seed = 1;
	for (int round = 0; round < 3000; round++) {
		char text[1025];
		uint32_t length = 0, parts = (seed >> 9) % 60;
		for (uint32_t i = 0; i < parts; i++) {
			seed = seed * 1664525U + 1013904223U;
			const char *piece = pieces[(seed >> 16) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(text + length, piece, strlen(piece));
			length += (uint32_t)strlen(piece);
		}
		seed = seed * 1664525U + 1013904223U;
		enum tw_name_domain domain = (enum tw_name_domain)(TW_NAME_OF_PERSON + round % 4);
		check_bounds(forms_of_bytes((struct tw_slice){text, length}, domain));
		tw_arena_reset(&arena);
	}
}

Test(name_forms, long_words_and_many_words_are_cut)
{
	char text[1024];
	memset(text, 'a', sizeof(text));
	check_bounds(forms_of_bytes((struct tw_slice){text, sizeof(text)}, TW_NAME_OF_PERSON));
	for (size_t i = 1; i < sizeof(text); i += 2) {
		text[i] = ' ';
	}
	check_bounds(forms_of_bytes((struct tw_slice){text, sizeof(text)}, TW_NAME_OF_PERSON));
	for (size_t i = 0; i + 3 < sizeof(text); i += 3) {
		memcpy(text + i, "﷽", 3);
	}
	check_bounds(forms_of_bytes((struct tw_slice){text, sizeof(text)}, TW_NAME_OF_PERSON));
}

Test(name_forms, nothing_to_read_has_no_form)
{
	const char *empty[] = {"", "  ", "...", "\xe2\x80\x8b", "\xff\xfe"};
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		cr_expect_eq(forms_of_bytes(tw_slice_str(empty[i]), TW_NAME_OF_PERSON).count, 0);
	}
}

Test(name_forms, direction_marks_and_zero_widths_do_not_count)
{
	cr_expect(meet("\xe2\x80\x8fمحمد", "محمد", TW_NAME_OF_PERSON));
	cr_expect(meet("مح\xd9\x80مد", "محمد", TW_NAME_OF_PERSON));
	cr_expect(meet("Yu\xe2\x80\x8bsuf", "Yusuf", TW_NAME_OF_PERSON));
}

Test(name_forms, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 64, 256);
	struct tw_name_forms forms;
	cr_expect_not(tw_name_forms_make(tw_slice_str("Youssef Mohamed"), TW_NAME_OF_PERSON, &small, &forms));
	cr_expect_not(tw_name_forms_make(tw_slice_str("Сергей Иванов"), TW_NAME_OF_PERSON, &small, &forms));
	struct tw_slice latin;
	char text[512];
	memset(text, 'x', sizeof(text));
	cr_expect_not(tw_name_latin((struct tw_slice){text, sizeof(text)}, TW_READING_USUAL, &small, &latin));
	tw_arena_fini(&small);
}

Test(name_forms, one_text_has_one_answer)
{
	struct tw_name_forms first = forms_of_bytes(tw_slice_str("김정은 محمد Иванов"), TW_NAME_OF_PERSON);
	struct tw_name_forms again = forms_of_bytes(tw_slice_str("김정은 محمد Иванов"), TW_NAME_OF_PERSON);
	cr_assert_eq(first.count, again.count);
	for (uint32_t i = 0; i < first.count; i++) {
		cr_expect(tw_slice_equal(written(&first.form[i]), written(&again.form[i])));
	}
}

Test(name_forms, a_canonical_spelling_leaves_other_words_alone)
{
	char out[TW_NAME_SPELLING_ROOM];
	const char *same[] = {"ab", "x1", "kim", "quill9", "ж"};
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct tw_slice got = {out, tw_name_spelling(tw_slice_str(same[i]), out)};
		cr_expect(tw_slice_is(got, same[i]), "%s", same[i]);
	}
}

Test(name_forms, words_of_each_table_are_found_and_others_are_not)
{
	cr_expect(tw_name_is_stop(tw_slice_str("bin"), TW_NAME_OF_PERSON));
	cr_expect_not(tw_name_is_stop(tw_slice_str("bin"), TW_NAME_OF_ORGANISATION));
	cr_expect(tw_slice_is(tw_name_unabbreviated(tw_slice_str("mfg")), "manufacturing"));
	cr_expect(tw_slice_is(tw_name_unabbreviated(tw_slice_str("quill")), "quill"));
	cr_expect_eq(tw_name_form_uses(tw_slice_str("quill")), 0);
	cr_expect(tw_slice_is(tw_name_form_kind(tw_slice_str("ооо")), "llc"));
	cr_expect_not(tw_name_is_ship_prefix(tw_slice_str("mx")));
	cr_expect(tw_name_is_minor(tw_slice_str("trading"), TW_NAME_OF_ORGANISATION));
	cr_expect_not(tw_name_is_minor(tw_slice_str("trading"), TW_NAME_OF_PERSON));
	cr_expect(tw_name_is_minor(tw_slice_str("sergeevich"), TW_NAME_OF_PERSON));
	cr_expect_not(tw_name_is_minor(tw_slice_str("ovich"), TW_NAME_OF_PERSON), "an ending is no patronymic");
	cr_expect_not(tw_name_is_minor(tw_slice_str("trading"), TW_NAME_OF_VESSEL));
}

Test(name_forms, company_forms_written_out_are_forms_wherever_they_stand)
{
	EXPECT("Joint Stock Co Quillfeather", TW_NAME_OF_ORGANISATION, "jsc/f quillfeather");
	EXPECT("Ltd Liability Company Quillfeather", TW_NAME_OF_ORGANISATION, "llc/f quillfeather");
	EXPECT("Quillfeather Open Joint Stock", TW_NAME_OF_ORGANISATION, "quillfeather jsc/f");
	EXPECT("Quillfeather Joint Stock Company Heron", TW_NAME_OF_ORGANISATION, "quillfeather jsc/f heron");
	EXPECT("Obshchestvo s ogranichennoi otvetstvennostiu Quillfeather", TW_NAME_OF_ORGANISATION, "llc/f quillfeather");
	EXPECT("Zakrytoye Aktsionernoye Obschestvo Quillfeather", TW_NAME_OF_ORGANISATION, "jsc/f quillfeather");
	EXPECT("Quillfeather Gesellschaft mit beschr\u00e4nkter Haftung", TW_NAME_OF_ORGANISATION, "quillfeather llc/f");
	EXPECT("Joint Stock Co", TW_NAME_OF_ORGANISATION, "joint stock co/f");
	EXPECT("And Co Quillfeather", TW_NAME_OF_ORGANISATION, "and/s co/f quillfeather");
}

Test(name_forms, numbers_of_ships_and_firms_are_one_however_they_are_written)
{
	EXPECT("Heron VII", TW_NAME_OF_VESSEL, "heron 7");
	EXPECT("Heron 07", TW_NAME_OF_VESSEL, "heron 7");
	EXPECT("MV Heron Seven", TW_NAME_OF_VESSEL, "heron 7");
	EXPECT("Heron I", TW_NAME_OF_VESSEL, "heron 1");
	EXPECT("Seven Herons", TW_NAME_OF_VESSEL, "seven herons");
	EXPECT("Heron 0", TW_NAME_OF_VESSEL, "heron 0");
	EXPECT("Heron VII Ltd", TW_NAME_OF_ORGANISATION, "heron 7 llc/f");
	EXPECT("Heron Seven Ltd", TW_NAME_OF_ORGANISATION, "heron 7 llc/f");
	EXPECT("Seven Herons V", TW_NAME_OF_ORGANISATION, "seven herons v/i");
	EXPECT("Heron VII", TW_NAME_OF_PERSON, "heron vii");
}

Test(name_forms, a_misspelt_company_form_is_the_form)
{
	EXPECT("Quillfeather Compnay Limted", TW_NAME_OF_ORGANISATION, "quillfeather co/f llc/f");
	EXPECT("Joint Stcok Company Quillfeather", TW_NAME_OF_ORGANISATION, "jsc/f quillfeather");
	EXPECT("Oint Stock Company Quillfeather", TW_NAME_OF_ORGANISATION, "jsc/f quillfeather");
	EXPECT("Point Quillfeather Stack", TW_NAME_OF_ORGANISATION, "point quillfeather stack");
	EXPECT("Limted Quillfeather", TW_NAME_OF_PERSON, "limted quillfeather");
}

Test(name_words, one_slip_is_nearly_the_word_and_two_are_not)
{
	static const char *const near[] = {"company", "ompany", "companyy", "cmpany", "ocmpany", "compnay", "compani"};
	static const char *const far[] = {"", "co", "comapyn", "kompani", "companions", "mpany"};
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		cr_expect(tw_name_is_nearly(tw_slice_str(near[i]), tw_slice_str("company")), "%s", near[i]);
		cr_expect(tw_name_is_nearly(tw_slice_str("company"), tw_slice_str(near[i])), "%s", near[i]);
	}
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		cr_expect_not(tw_name_is_nearly(tw_slice_str(far[i]), tw_slice_str("company")), "%s", far[i]);
	}
	cr_expect(tw_slice_is(tw_name_form_mended(tw_slice_str("heron")), "heron"));
}

Test(name_words, a_long_word_of_trade_with_one_slip_is_nearly_minor)
{
	cr_expect(tw_name_is_nearly_trade(tw_slice_str("tradign")));
	cr_expect(tw_name_is_nearly_trade(tw_slice_str("internatonal")));
	cr_expect_not(tw_name_is_nearly_trade(tw_slice_str("trede")), "too short to be sure");
	cr_expect_not(tw_name_is_nearly_trade(tw_slice_str("quillfeather")));
	cr_expect_not(tw_name_is_nearly_trade(tw_slice_str("")));
}

Test(name_words, words_of_trade_and_of_forms_written_out_are_minor_for_firms_alone)
{
	static const char *const words[] = {"trading", "branch", "wholesale", "obshchestvo", "liability"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		cr_expect(tw_name_is_minor(tw_slice_str(words[i]), TW_NAME_OF_ORGANISATION), "%s", words[i]);
		cr_expect_not(tw_name_is_minor(tw_slice_str(words[i]), TW_NAME_OF_PERSON), "%s", words[i]);
	}
	cr_expect_not(tw_name_is_minor(tw_slice_str("quill"), TW_NAME_OF_ORGANISATION));
}

static bool has_form(const char *text, enum tw_name_domain domain, const char *wanted)
{
	struct tw_name_forms forms = forms_of_bytes(tw_slice_str(text), domain);
	bool found = false;
	for (uint32_t i = 0; i < forms.count; i++) {
		found |= tw_slice_is(written(&forms.form[i]), wanted);
	}
	return found;
}

Test(name_forms, a_short_word_is_not_written_as_one_with_a_word_of_trade)
{
	cr_expect(has_form("QK HERON", TW_NAME_OF_ORGANISATION, "qkheron"));
	cr_expect_not(has_form("QK HOLDING", TW_NAME_OF_ORGANISATION, "qkholding"));
	cr_expect(has_form("QK HOLDING", TW_NAME_OF_VESSEL, "qkholding"), "a ship has no trade");
}

Test(name_forms, korean_names_are_read_as_the_south_and_as_the_north_spells_them)
{
	static const char *const south[][2] = {{"박영복", "park yeongbok"}, {"강현서", "kang hyeonseo"}, {"노광철", "noh gwangcheol"}};
	static const char *const north[][2] = {
	    {"박영복", "pak yongbok"}, {"리 영복", "ri yong bok"}, {"노광철", "no kwangchol"}, {"김국대", "kim kuktae"}};
	for (size_t i = 0; i < sizeof(south) / sizeof(south[0]); i++) {
		cr_expect(has_form(south[i][0], TW_NAME_OF_PERSON, south[i][1]), "%s", south[i][1]);
	}
	for (size_t i = 0; i < sizeof(north) / sizeof(north[0]); i++) {
		cr_expect(has_form(north[i][0], TW_NAME_OF_PERSON, north[i][1]), "%s", north[i][1]);
	}
	cr_expect_not(has_form("박영복", TW_NAME_OF_PERSON, "pak yongpok"), "voiced behind ng");
	cr_expect_not(has_form("박영복", TW_NAME_OF_PERSON, "park yeongbog"), "a syllable ends in k");
}

Test(name_forms, titles_before_a_person_are_stop_words_and_a_name_is_left)
{
	EXPECT("Capt. Yusuf Tern Quill", TW_NAME_OF_PERSON, "capt/s yusuf tern quill");
	EXPECT("Maj. Gen. Yusuf Quill", TW_NAME_OF_PERSON, "maj/s gen/s yusuf quill");
	EXPECT("Senior General Yusuf Quill", TW_NAME_OF_PERSON, "senior/s general/s yusuf quill");
	EXPECT("Field Marshal Yusuf Quill", TW_NAME_OF_PERSON, "field/s marshal/s yusuf quill");
	EXPECT("Qari Quill", TW_NAME_OF_PERSON, "qari quill");
	EXPECT("Yusuf General", TW_NAME_OF_PERSON, "yusuf general");
	EXPECT("General Tern Quill", TW_NAME_OF_ORGANISATION, "general tern quill");
}

Test(name_forms, spellings_of_father_and_son_meet)
{
	cr_expect(meet("Abou Tern", "Abu Tern", TW_NAME_OF_PERSON));
	cr_expect(meet("Aboo Tern", "Abo Tern", TW_NAME_OF_PERSON));
	cr_expect(meet("Yusuf Wuld Quill", "Yusuf ould Quill", TW_NAME_OF_PERSON));
	cr_expect(meet("Yusuf Tern Oghlu", "Yusuf Tern oglu", TW_NAME_OF_PERSON));
	cr_expect(meet("Yusuf ibn Quill", "Yusuf bin Quill", TW_NAME_OF_PERSON));
}

Test(name_forms, what_a_number_stands_behind_is_no_word)
{
	EXPECT("Sea Tern No. 7", TW_NAME_OF_VESSEL, "sea tern 7");
	EXPECT("Quill Works Nr 7", TW_NAME_OF_ORGANISATION, "quill works 7");
	EXPECT("Yes No Quill", TW_NAME_OF_ORGANISATION, "yes no quill");
}

Test(name_forms, more_prefixes_of_ships)
{
	EXPECT("LPG/C Sea Tern", TW_NAME_OF_VESSEL, "sea tern");
	EXPECT("Tanker Tern", TW_NAME_OF_VESSEL, "tern");
	EXPECT("Vessel", TW_NAME_OF_VESSEL, "vessel");
}

Test(name_forms, a_ships_imo_number_behind_its_name_is_no_word_of_it)
{
	EXPECT("Sea Tern IMO 9999993", TW_NAME_OF_VESSEL, "sea tern");
	EXPECT("Tern (IMO: 9999993)", TW_NAME_OF_VESSEL, "tern");
	EXPECT("Imo 9999993", TW_NAME_OF_VESSEL, "imo 9999993");
	EXPECT("Tern Imo 12", TW_NAME_OF_VESSEL, "tern imo 12");
}

Test(name_forms, a_ship_of_three_words_may_be_written_as_one)
{
	EXPECT("TER QUI LL 8647", TW_NAME_OF_VESSEL, "terquill 8647");
	EXPECT("Yusuf Tern Quill", TW_NAME_OF_PERSON, "yusuf tern quill");
	cr_expect(meet("TERQUILL 8647", "TER QUI LL 8647", TW_NAME_OF_VESSEL));
	cr_expect_not(meet("TERQUILL 8647", "TER QUI LL 8648", TW_NAME_OF_VESSEL));
}

Test(name_forms, words_of_trade_in_another_language_are_english_ones)
{
	EXPECT("Quillski Metallurgicheskiy Zavod", TW_NAME_OF_ORGANISATION, "quillski metallurgical plant");
	EXPECT("Quill Mashinostroitelnyi Zavod", TW_NAME_OF_ORGANISATION, "quill machine building plant");
	EXPECT("Quill Factory", TW_NAME_OF_ORGANISATION, "quill plant");
	EXPECT("Sanaye Quill", TW_NAME_OF_ORGANISATION, "industries quill");
	EXPECT("Quill HK Ltd", TW_NAME_OF_ORGANISATION, "quill hongkong llc/f");
	EXPECT("Quill Hong Kong Ltd", TW_NAME_OF_ORGANISATION, "quill hongkong llc/f");
	EXPECT("Zavod Quill", TW_NAME_OF_PERSON, "zavod quill");
	EXPECT("Quill Zavody", TW_NAME_OF_VESSEL, "quill zavody");
}

Test(name_forms, each_name_of_a_text_has_its_forms)
{
	EXPECT("SEA TERN (EX OCEAN QUILL)", TW_NAME_OF_VESSEL, "sea tern", "ocean quill");
	EXPECT("Tern Ltd c/o Quill GmbH", TW_NAME_OF_ORGANISATION, "tern llc/f", "quill llc/f");
}

Test(name_forms, a_form_before_a_place_behind_the_firm_is_one)
{
	EXPECT("Quill Lines OU Damascus", TW_NAME_OF_ORGANISATION, "quill lines llc/f damascus");
	EXPECT("Quill Lines B.V. Istanbul", TW_NAME_OF_ORGANISATION, "quill lines llc/f istanbul");
	EXPECT("Quill Damascus", TW_NAME_OF_ORGANISATION, "quill damascus");
	EXPECT("OU Damascus", TW_NAME_OF_ORGANISATION, "ou damascus");
}

Test(name_forms, a_digit_at_the_end_of_a_firms_word_may_be_a_letter)
{
	EXPECT("Quill5 Talbai", TW_NAME_OF_ORGANISATION, "quill5 talbai", "quills talbai");
	EXPECT("Quill Terna1", TW_NAME_OF_ORGANISATION, "quill ternai");
}
