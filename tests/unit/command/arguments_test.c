/* Command lines: what is understood, what is refused, what is suggested. */
#include "engine/command/arguments.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct tw_command command = {
    "screen",
    "FILE...",
    "s",
    NULL,
    {{TW_OPTION_CONFIG, "--config", "FILE", "c"}, {TW_OPTION_SET, "--set", "P=V", "s"}, {TW_OPTION_QUIET, "--quiet", NULL, "q"}}};

static bool parse(int count, const char *const *words, struct tw_arguments *out, char **said)
{
	size_t size = 0;
	FILE *errors = open_memstream(said, &size);
	bool good = tw_arguments_parse(&command, count, (char *const *)(uintptr_t)words, out, errors);
	fclose(errors);
	return good;
}

Test(arguments, are_taken_apart_in_any_order)
{
	const char *words[] = {"a", "--set", "x=1", "--config=f", "-", "--set=y=2", "--quiet", "--", "--config"};
	struct tw_arguments got;
	char *said;
	cr_assert(parse(9, words, &got, &said), "%s", said);
	cr_assert(got.operand_count == 3 && strcmp(got.operands[0], "a") == 0 && strcmp(got.operands[1], "-") == 0);
	cr_assert_str_eq(got.operands[2], "--config");
	cr_assert(got.set_count == 2 && strcmp(got.sets[0], "x=1") == 0 && strcmp(got.sets[1], "y=2") == 0);
	cr_assert_str_eq(got.value[TW_OPTION_CONFIG], "f");
	cr_assert(got.value[TW_OPTION_QUIET] && !got.value[TW_OPTION_TOPIC]);
	tw_arguments_fini(&got);
	free(said);
}

static void refused(int count, const char *const *words, const char *why)
{
	struct tw_arguments got;
	char *said;
	cr_assert(!parse(count, words, &got, &said));
	cr_assert(strstr(said, why) != NULL, "\"%s\" does not say \"%s\"", said, why);
	tw_arguments_fini(&got);
	free(said);
}

Test(arguments, suggest_what_was_meant)
{
	const char *mistyped[] = {"--confg", "f"}, *far[] = {"--zzzzzz"}, *bare[] = {"--set"}, *given[] = {"--quiet=1"};
	refused(2, mistyped, "did you mean \"--config\"?");
	refused(1, far, "help screen");
	refused(1, bare, "needs a value");
	refused(1, given, "takes no value");
}

Test(arguments, that_are_empty_are_refused)
{
	const char *value[] = {"--config", ""}, *joined[] = {"--config="}, *operand[] = {"a", ""};
	refused(2, value, "--config needs a value: it is empty");
	refused(1, joined, "--config needs a value: it is empty");
	refused(2, operand, "an operand is empty");
}

static void part(const char *word, const char *said_of_it)
{
	static const struct tw_command parts = {"lists", "stat|search NAME|build", "s", NULL, {{0, NULL, NULL, NULL}}};
	struct tw_arguments got;
	char *said = NULL;
	size_t size = 0;
	FILE *errors = open_memstream(&said, &size);
	cr_assert(tw_arguments_parse(&parts, 1, (char *const *)(uintptr_t)&word, &got, errors));
	fclose(errors);
	cr_assert_str_eq(said, said_of_it);
	tw_arguments_fini(&got);
	free(said);
}

Test(arguments, guess_the_part_that_was_meant)
{
	part("serach", "tidewaiter lists: no part is called \"serach\"; did you mean \"search\"?\n");
	part("biuld", "tidewaiter lists: no part is called \"biuld\"; did you mean \"build\"?\n");
	part("search", "");
	part("NAME", "");
	part("nothing-near", "");
}
