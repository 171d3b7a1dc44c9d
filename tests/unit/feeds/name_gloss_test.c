/** @file name_gloss_test.c  Words of companies that are translated, by script; what is in no table stays. */
#include "feeds/name_gloss.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/name_gloss_words.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_gloss, .init = setup, .fini = teardown);

/* Blanks in a row are one, none at the ends. */
static const char *glossed(const char *text, enum tw_gloss what)
{
	struct tw_slice out;
	cr_assert(tw_name_gloss(tw_slice_str(text), what, &arena, &out));
	char *plain = tw_arena_alloc(&arena, out.len + 1);
	uint32_t length = 0;
	for (uint32_t i = 0; i < out.len; i++) {
		if (out.ptr[i] != ' ' || (length && plain[length - 1] != ' ')) {
			plain[length++] = out.ptr[i];
		}
	}
	plain[length - (length && plain[length - 1] == ' ')] = '\0';
	return plain;
}

Test(name_gloss, forms_alone_or_every_word_that_is_known)
{
	cr_expect_str_eq(glossed("ОАО Снегирь Завод", TW_GLOSS_FORMS), "jsc Снегирь Завод");
	cr_expect_str_eq(glossed("ОАО Снегирь Завод", TW_GLOSS_ALL), "jsc Снегирь plant");
	cr_expect_str_eq(glossed("Общество с ограниченной  ответственностью «Снегирь»", TW_GLOSS_FORMS), "llc «Снегирь»");
	cr_expect_str_eq(glossed("Научно-исследовательский институт «Снегирь»", TW_GLOSS_ALL), "research institute «Снегирь»");
	cr_expect_str_eq(glossed("深圳市海鹭科技有限公司", TW_GLOSS_ALL), "shenzhen 海鹭 technology co ltd");
	cr_expect_str_eq(glossed("海鷺纖維素有限公司", TW_GLOSS_ALL), "海鹭 cellulose co ltd");
	cr_expect_str_eq(glossed("ПАО КБ «Снегирь»", TW_GLOSS_ALL), "pjsc commercial bank «Снегирь»");
	cr_expect_str_eq(glossed("海鷺國際貿易有限公司", TW_GLOSS_ALL), "海鹭 international trading co ltd");
	cr_expect_str_eq(glossed("شركة النورس للتجارة", TW_GLOSS_ALL), "company النورس trading");
	cr_expect_str_eq(glossed("בנק שחף בע\"מ", TW_GLOSS_ALL), "bank שחף ltd");
	cr_expect_str_eq(glossed("주식회사 갈매기 무역", TW_GLOSS_ALL), "co ltd 갈매기 trading");
}

Test(name_gloss, endings_of_adjectives_and_places)
{
	cr_expect_str_eq(glossed("Снегирский металлургический комбинат", TW_GLOSS_ALL), "Снегирск metallurgical plant");
	cr_expect_str_eq(glossed("Снегирская", TW_GLOSS_FORMS), "Снегирская");
}

Test(name_gloss, arabic_words_with_what_is_written_as_one_with_them)
{
	static const char *const texts[] = {"والصناعة", "للصناعه", "صناعة", "وصناعة", "الصنـاعة", "الصِّنَاعَة"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect_str_eq(glossed(texts[i], TW_GLOSS_ALL), "industry", "%s is %s", texts[i], glossed(texts[i], TW_GLOSS_ALL));
	}
	cr_expect_str_eq(glossed("شرکت ملّی نورس", TW_GLOSS_ALL), "company national نورس");
	cr_expect_str_eq(glossed("پژوهش‌های نورس", TW_GLOSS_ALL), "research نورس", "a plural");
	cr_expect_str_eq(glossed("هوافضای نورس", TW_GLOSS_ALL), "aerospace نورس", "bound to the next word");
	cr_expect_str_eq(glossed("النورس للمجوهرات", TW_GLOSS_ALL), "النورس jewelry");
	cr_expect_str_eq(glossed("سازمان هواپیماسازی نورس", TW_GLOSS_ALL), "organization aircraft manufacturing نورس");
	cr_expect_str_eq(glossed("النورس ونورس", TW_GLOSS_ALL), "النورس ونورس", "words in no table keep theirs");
	cr_expect_str_eq(glossed("بنور", TW_GLOSS_ALL), "بنور");
}

Test(name_gloss, bodies_alone_leave_the_word_beside_them)
{
	cr_expect_str_eq(glossed("بانک تجارت", TW_GLOSS_ALL), "bank trading");
	cr_expect_str_eq(glossed("بانک تجارت", TW_GLOSS_BODIES), "bank تجارت");
	cr_expect_str_eq(glossed("شركة النورس للتجارة ذ.م.م", TW_GLOSS_BODIES), "company النورس للتجارة llc");
}

Test(name_gloss, a_word_that_only_begins_like_one_stays)
{
	static const char *const texts[] = {"Банкетов", "Заводь", "Портнов", "ООООО", "", "Heron Gull Trading"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect_str_eq(glossed(texts[i], TW_GLOSS_ALL), texts[i]);
	}
}

Test(name_gloss, hostile_text_is_bounded)
{
	struct tw_slice out, bytes = {"\xd0\xff\xe6\x9c", 4};
	char *longer = tw_arena_alloc(&arena, 9001);
	cr_expect(tw_name_gloss(bytes, TW_GLOSS_ALL, &arena, &out));
	memset(longer, 'a', 9000);
	cr_expect(tw_name_gloss(tw_slice_str(longer), TW_GLOSS_ALL, &arena, &out));
	cr_expect_eq(out.ptr, (const char *)longer, "longer than what is read: as it was");
	struct tw_arena small;
	tw_arena_init(&small, 512, 512);
	cr_expect_not(tw_name_gloss(tw_slice_str("ОАО Снегирь"), TW_GLOSS_ALL, &small, &out));
	tw_arena_fini(&small);
}

Test(name_gloss, the_table_is_in_order_and_within_its_bounds)
{
	for (uint32_t i = 0; i < tw_gloss_entry_count; i++) {
		const struct tw_gloss_entry *entry = &tw_gloss_entries[i];
		cr_expect(entry->from[0] && strlen(entry->to) <= 44, "entry %u", i);
		for (uint32_t at = 0; i && (at == 0 || entry->from[at - 1]); at++) {
			if (entry[-1].from[at] != entry->from[at]) {
				cr_expect_lt(entry[-1].from[at], entry->from[at], "entry %u is before the one above it", i);
				break;
			}
		}
	}
}

Test(name_gloss, thai_names_of_latin_letters_are_the_letters)
{
	cr_expect_str_eq(glossed("บริษัท คิวเอ็นเอที จำกัด", TW_GLOSS_ALL), "company qnat ltd");
	cr_expect_str_eq(glossed("เอเคเอช เทรดดิ้ง", TW_GLOSS_ALL), "akh trading");
	cr_expect_str_eq(glossed("ที", TW_GLOSS_ALL), "ที", "one letter may be a word");
	cr_expect_str_eq(glossed("เอเคกา", TW_GLOSS_ALL), "เอเคกา", "all of the word spells, or none");
}
