/**
 * @file contact_test.c
 * One telephone, one mailbox, one key, however they are written; what is neither has none.
 */
#include "engine/event/contact.h"

#include <criterion/criterion.h>

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

TestSuite(contact, .init = start, .fini = stop);

static void expect(struct tw_slice key, const char *wanted)
{
	cr_expect(key.ptr && tw_slice_is(key, wanted), "\"%.*s\", wanted \"%s\"", (int)key.len, key.ptr ? key.ptr : "(refused)", wanted);
}

static struct tw_slice phone(const char *text, const char *country)
{
	return tw_key_phone(tw_slice_str(text), tw_slice_str(country), &arena);
}

static struct tw_slice email(const char *text)
{
	return tw_key_email(tw_slice_str(text), &arena);
}

Test(contact, an_international_number_is_its_digits)
{
	expect(phone("+44 (20) 7946-0018", "GB"), "+442079460018");
	expect(phone("0044 20 79460018", "FR"), "+442079460018");
	expect(phone(" (+44) 20.7946.0018 ext. 7", ""), "+442079460018");
}

Test(contact, a_national_number_belongs_to_a_country)
{
	expect(phone("020 7946 0018", "gb"), "02079460018|GB");
	expect(phone("020-7946-0018", "XB"), "02079460018|XB");
	expect(phone("tel. 020 7946 0018", "nowhere"), "02079460018|");
}

Test(contact, too_few_or_too_many_digits_are_no_number)
{
	expect(phone("12345", "GB"), "");
	expect(phone("+44 123", "GB"), "");
	expect(phone("1234567890123456", "GB"), "");
	expect(phone("n/a", "GB"), "");
	expect(phone("", "GB"), "");
	expect(phone("123456", "GB"), "123456|GB");
	expect(phone("00123456789012345", "GB"), "+123456789012345");
}

Test(contact, a_mailbox_is_compared_in_lower_case)
{
	expect(email("J.Sample@Example.ORG"), "j.sample@example.org");
	expect(email(" J. Sample <j.sample@example.org> "), "j.sample@example.org");
	expect(email("j.sample @ example.org"), "j.sample@example.org");
}

Test(contact, what_has_no_two_sides_is_no_mailbox)
{
	char many[300];
	memset(many, 'a', sizeof(many) - 1);
	many[100] = '@';
	many[sizeof(many) - 1] = '\0';
	expect(email("unknown"), "");
	expect(email("@example.org"), "");
	expect(email("j.sample@"), "");
	expect(email("a@b@c"), "");
	expect(email(many), "");
	expect(email(""), "");
}

Test(contact, no_memory_is_told_from_no_number)
{
	struct tw_arena small;
	tw_arena_init(&small, 8, 8);
	tw_arena_alloc_raw(&small, 8);
	cr_expect_null(tw_key_phone(tw_slice_str("+442079460018"), tw_slice_str(""), &small).ptr);
	cr_expect_null(tw_key_email(tw_slice_str("j@example.org"), &small).ptr);
	tw_arena_fini(&small);
}
