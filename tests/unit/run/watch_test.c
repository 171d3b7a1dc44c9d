/* Files that change: told once, when they have settled; what nobody loads is not looked at. */
#include "engine/run/watch.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tidewaiter-watch-XXXXXX";
static struct tw_settings settings;
static struct tw_watch watch;
static char paths[6][64];

enum { SDN, ALT, RULE, EMBARGOES, REFERENCE, OTHER };
static const char *const names[] = {"ofac/sdn.csv", "ofac/alt.csv", "rules/deep/one.yaml", "embargoes.csv", "reference/countries.csv", "other.csv"};
static const char *const folders[] = {"ofac", "rules", "rules/deep", "reference"};

static void put(int at, const char *text)
{
	FILE *file = fopen(paths[at], "w");
	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

static const char *within(const char *name)
{
	return tw_arena_format(&settings.arena, "%s/%s", folder, name).ptr;
}

static void setup(void)
{
	struct tw_error err;
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(tw_settings_init(&settings, &err), TW_OK);
	for (size_t i = 0; i < 4; i++) {
		cr_assert_eq(mkdir(within(folders[i]), 0700), 0);
	}
	for (int i = 0; i < 6; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, names[i]);
		put(i, "a");
	}
	struct tw_list_source *list = tw_list_push(&settings.arena, &settings.lists, sizeof(*list));
	const char **rules = tw_list_push(&settings.arena, &settings.rule_paths, sizeof(*rules));
	*list = (struct tw_list_source){.id = "ofac", .format = TW_LIST_OFAC_CSV, .path = paths[SDN]};
	*rules = within("rules");
	settings.embargoes_path = paths[EMBARGOES];
	settings.reference_path = within("reference");
	watch = TW_WATCH_CLOSED;
	tw_watch_loading(&watch, &settings);
}

static void teardown(void)
{
	tw_watch_close(&watch);
	for (int i = 0; i < 6; i++) {
		unlink(paths[i]);
	}
	for (size_t i = 4; i-- > 0;) {
		rmdir(within(folders[i]));
	}
	rmdir(folder);
	tw_settings_fini(&settings);
}

TestSuite(watch, .init = setup, .fini = teardown);

Test(watch, nothing_changed_is_nothing_to_tell)
{
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_changed(&watch, &settings));
	put(OTHER, "a file that nobody loads");
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_changed(&watch, &settings));
}

Test(watch, each_kind_of_file_is_told_once_when_it_has_settled)
{
	for (int i = 0; i < OTHER; i++) {
		put(i, "longer");
		cr_assert_not(tw_watch_changed(&watch, &settings), "%s: it may still be written", names[i]);
		cr_assert(tw_watch_changed(&watch, &settings), "%s", names[i]);
		cr_assert_not(tw_watch_changed(&watch, &settings), "%s: told already", names[i]);
	}
}

Test(watch, a_file_that_keeps_changing_is_left_alone)
{
	put(SDN, "ab");
	cr_assert_not(tw_watch_changed(&watch, &settings));
	put(SDN, "abc");
	cr_assert_not(tw_watch_changed(&watch, &settings));
	put(SDN, "abcd");
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert(tw_watch_changed(&watch, &settings));
}

Test(watch, a_file_that_goes_and_one_that_is_renamed_over_it_are_changes)
{
	unlink(paths[SDN]);
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert(tw_watch_changed(&watch, &settings), "gone");
	put(OTHER, "a");
	cr_assert_eq(rename(paths[OTHER], paths[SDN]), 0);
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert(tw_watch_changed(&watch, &settings), "back");
}

Test(watch, what_was_loaded_meanwhile_is_not_told)
{
	put(ALT, "longer");
	tw_watch_loading(&watch, &settings);
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_changed(&watch, &settings));
}

Test(watch, a_folder_that_is_not_there_is_no_failure)
{
	settings.reference_path = "/tmp/no/such/folder";
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_changed(&watch, &settings));
}

Test(watch, lists_that_are_mapped_are_watched_by_their_compiled_file_alone)
{
	settings.compiled_path = paths[OTHER];
	tw_watch_loading(&watch, &settings);
	put(SDN, "more");
	cr_expect(!tw_watch_changed(&watch, &settings) && !tw_watch_changed(&watch, &settings), "nobody reads it");
	put(OTHER, "more");
	cr_expect(!tw_watch_changed(&watch, &settings), "not settled");
	cr_expect(tw_watch_changed(&watch, &settings));
}

/* ---- hints ---- */

static void hinting(void)
{
	cr_assert(tw_watch_open(&watch));
	tw_watch_loading(&watch, &settings);
	cr_assert_not(tw_watch_hinted(&watch), "nothing happened");
}

Test(watch, closed_it_has_no_hints)
{
	put(RULE, "longer");
	cr_assert_not(tw_watch_hinted(&watch));
}

Test(watch, each_kind_of_file_that_is_written_or_renamed_over_gives_a_hint)
{
	hinting();
	for (int i = 0; i < OTHER; i++) {
		char beside[80];
		put(i, "longer");
		cr_assert(tw_watch_hinted(&watch), "%s written", names[i]);
		cr_assert_not(tw_watch_hinted(&watch), "told once");
		snprintf(beside, sizeof(beside), "%s.new", paths[i]);
		FILE *file = fopen(beside, "w");
		cr_assert_not_null(file);
		fclose(file);
		(void)tw_watch_hinted(&watch);
		cr_assert_eq(rename(beside, paths[i]), 0);
		cr_assert(tw_watch_hinted(&watch), "%s renamed over", names[i]);
	}
}

Test(watch, hints_without_end_are_taken_some_at_a_time)
{
	uint32_t asked = 0;
	hinting();
	for (int i = 0; i < 2000; i++) {
		put(RULE, "b");
		put(EMBARGOES, "b");
	}
	while (tw_watch_hinted(&watch)) {
		asked++;
	}
	cr_expect_gt(asked, 1, "somebody who never stops writing would have been read for ever");
	cr_expect_lt(asked, 100);
}

Test(watch, a_folder_that_came_is_asked_about_from_the_next_look_on)
{
	char below[96];
	hinting();
	const char *added = within("rules/added");
	cr_assert_eq(mkdir(added, 0700), 0);
	cr_assert(tw_watch_hinted(&watch));
	(void)tw_watch_changed(&watch, &settings);
	snprintf(below, sizeof(below), "%s/two.yaml", added);
	FILE *file = fopen(below, "w");
	cr_assert_not_null(file);
	fclose(file);
	cr_assert(tw_watch_hinted(&watch));
	unlink(below);
	rmdir(added);
}

Test(watch, a_hint_decides_nothing_files_do)
{
	hinting();
	put(OTHER, "a file that nobody loads, beside one that somebody does");
	cr_assert(tw_watch_hinted(&watch));
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_unsettled(&watch));
	put(RULE, "longer");
	cr_assert_not(tw_watch_changed(&watch, &settings));
	cr_assert(tw_watch_unsettled(&watch));
	cr_assert(tw_watch_changed(&watch, &settings));
	cr_assert_not(tw_watch_unsettled(&watch));
}

Test(watch, the_registers_of_a_centre_are_looked_at)
{
	const char **const registers[] = {&settings.markings_path, &settings.specimens_path, &settings.quantities_path, &settings.suppressions_path};
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
		put(OTHER, "a");
		*registers[i] = paths[OTHER];
		tw_watch_loading(&watch, &settings);
		put(OTHER, "ab");
		cr_expect_not(tw_watch_changed(&watch, &settings));
		cr_expect(tw_watch_changed(&watch, &settings), "register %zu", i);
		*registers[i] = "";
	}
}
