/* Which words and options make a request, before anything is connected to. */
#include "engine/command/state_command.h"

#include <criterion/criterion.h>

static const char *refused(const char *const *words, uint32_t count, struct tw_state_request request)
{
	struct tw_settings settings = {.redis_prefix = "tw", .state_store = TW_STATE_REDIS};
	request.words = words;
	request.word_count = count;
	return tw_state_request_refuse(&request, &settings);
}

#define REFUSED(request, ...) refused((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), request)
#define NOTHING               ((struct tw_state_request){.json = false})

Test(state_command, each_part_takes_what_it_needs)
{
	struct tw_state_request drop = {.prefix = "old", .yes = true}, migrate = {.to_prefix = "new"}, anew = {.from_nothing = true, .yes = true};
	cr_expect_null(REFUSED(NOTHING, "verify"));
	cr_expect_null(REFUSED(NOTHING, "rebuild"));
	cr_expect_null(REFUSED(NOTHING, "show", "vessel", "9074729"));
	cr_expect_null(REFUSED(drop, "drop"));
	cr_expect_null(REFUSED(migrate, "migrate"));
	cr_expect_null(REFUSED(anew, "rebuild"));
}

Test(state_command, what_is_missing_or_too_much_is_refused)
{
	cr_expect_not_null(refused(NULL, 0, NOTHING));
	cr_expect_not_null(REFUSED(NOTHING, "look"));
	cr_expect_not_null(REFUSED(NOTHING, "show"));
	cr_expect_not_null(REFUSED(NOTHING, "verify", "vessel"));
	cr_expect_not_null(REFUSED(NOTHING, "migrate"));
	cr_expect_not_null(REFUSED(NOTHING, "drop"));
}

Test(state_command, removing_needs_a_yes_and_the_prefix_in_use_more_than_that)
{
	struct tw_state_request no = {.prefix = "old"}, own = {.prefix = "tw", .yes = true}, forced = {.prefix = "tw", .yes = true, .force = true};
	struct tw_state_request anew = {.from_nothing = true}, here = {.to_prefix = "tw"}, braces = {.to_prefix = "a}b"}, both = anew;
	both.yes = true;
	cr_expect_not_null(REFUSED(no, "drop"));
	cr_expect_not_null(REFUSED(own, "drop"));
	cr_expect_null(REFUSED(forced, "drop"));
	cr_expect_not_null(REFUSED(anew, "rebuild"));
	cr_expect_not_null(REFUSED(both, "verify"));
	cr_expect_not_null(REFUSED(here, "migrate"));
	cr_expect_not_null(REFUSED(braces, "migrate"));
}

Test(state_command, history_in_memory_is_not_stored_anywhere)
{
	struct tw_settings settings = {.redis_prefix = "tw", .state_store = TW_STATE_MEMORY};
	struct tw_state_request request = {.words = (const char *const[]){"verify"}, .word_count = 1};
	cr_expect_not_null(tw_state_request_refuse(&request, &settings));
}
