/**
 * @file rules_events_test.c
 * Files of events: bare, in envelopes, on one line or many; and what is refused, with its line.
 */
#include "engine/command/rules_events.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static struct tw_arena arena;
static struct tw_rule_test test;
static struct tw_error err;
static char path[] = "/tmp/rules-events-XXXXXX";

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	test = (struct tw_rule_test){.fires = false};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(rules_events, .init = setup, .fini = teardown);

static enum tw_code read_up_to(const char *text, const struct tw_rules_event_id *asked)
{
	char name[sizeof(path)];
	memcpy(name, path, sizeof(path));
	int file = mkstemp(name);
	cr_assert_geq(file, 0);
	cr_assert_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	enum tw_code code = tw_rules_events_read(name, asked, &arena, &test, &err);
	unlink(name);
	return code;
}

static enum tw_code read_text(const char *text)
{
	return read_up_to(text, NULL);
}

Test(rules_events, an_event_that_is_asked_for_ends_the_story)
{
	static const char text[] =
	    "{\"type\":\"marking.lost\",\"id\":\"a\",\"source\":\"s\"}\n{\"topic\":\"tw.markings\",\"value\":{\"type\":\"marking.lost\",\"id\":\"b\","
	    "\"source\":\"s\"}}\n{\"type\":\"marking.lost\",\"id\":\"b\",\"source\":\"other\"}\n";
	struct tw_rules_event_id asked = {tw_slice_str("b"), tw_slice_str("s")};
	cr_assert_eq(read_up_to(text, &asked), TW_OK);
	cr_assert_eq(test.given_count, 1);
	cr_assert(tw_slice_is(test.event, "{\"type\":\"marking.lost\",\"id\":\"b\",\"source\":\"s\"}"));
	asked.id = tw_slice_str("c");
	cr_assert_eq(read_up_to(text, &asked), TW_E_MISSING);
	cr_assert_str_eq(err.detail, "id c of s");
}

Test(rules_events, the_last_is_asked_about_and_those_before_are_its_history)
{
	cr_assert_eq(
	    read_text(
	        "{\"type\":\"certificate.issued\",\"id\":\"a\"}\n\n{\"topic\":\"tw.manifests\",\"value\":{\"type\":\"consignment.declared\"}}\n"),
	    TW_OK, "%s %s", err.where, err.what);
	cr_assert_eq(test.given_count, 1);
	cr_assert_eq(test.given_family[0], TW_FAMILY_CERTIFICATE);
	cr_assert_eq(test.family, TW_FAMILY_MANIFEST);
	cr_assert(tw_slice_is(test.event, "{\"type\":\"consignment.declared\"}"));
}

Test(rules_events, one_object_may_stand_on_many_lines)
{
	cr_assert_eq(read_text("{\n  \"type\": \"marking.lost\",\n  \"id\": \"a\"\n}\n"), TW_OK, "%s %s", err.where, err.what);
	cr_assert_eq(test.given_count, 0);
	cr_assert_eq(test.family, TW_FAMILY_MARKING);
}

Test(rules_events, what_is_no_event_is_refused_with_its_line)
{
	cr_assert_eq(read_text("{\"type\":\"marking.lost\"}\n{\"typ\":1}\n"), TW_E_MISSING);
	cr_assert_str_eq(err.where + strlen(err.where) - 2, ":2");
	cr_assert_eq(read_text("{\"type\":\"marking.lots\"}"), TW_E_UNKNOWN);
	cr_assert_not_null(strstr(err.detail, "did you mean \"marking.lost\""), "%s", err.detail);
	cr_assert_eq(read_text("nothing"), TW_E_SYNTAX);
	cr_assert_eq(read_text(" \n"), TW_E_MISSING);
	cr_assert_eq(tw_rules_events_read("/tmp/there/is/no/such/file", NULL, &arena, &test, &err), TW_E_IO);
}
