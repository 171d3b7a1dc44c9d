/**
 * @file ruleset.c
 * A rule set from its files' bytes: trees, named sets, rules, order, indexes, digest. One broken file refuses the whole set.
 */
#include "rules/ruleset.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "rules/band.h"
#include "rules/patterns.h"
#include "rules/table.h"
#include "rules/words.h"

#define BLOCK_BYTES (256U * 1024U)
/* 20,000 rules of the longest kind stay far below; a hostile file may not eat the machine */
#define ARENA_BYTES_MAX ((size_t)1024U * 1024U * 1024U)

/* What one load works with. */
struct loading {
	const struct tw_rule_source *source;
	struct tw_yaml **tree;
	size_t count;
	struct tw_rules *rules;
	struct tw_rule_report report;
	struct tw_list sets;   /* struct tw_rule_set */
	struct tw_list macros; /* struct tw_rule_set */
	struct tw_list bands;  /* struct tw_rule_set */
	struct tw_list drafts; /* struct tw_rule_draft */
};

static bool no_memory(struct loading *loading)
{
	tw_report_error(&loading->report, (struct tw_mark){0, 0}, TW_E_MEMORY, "no memory");
	return false;
}

/* ---- named sets and conditions ---- */

/* Files that hold named things, not a rule. */
static const struct shared_kind {
	const char *file, *key, *what, *one;
	enum tw_yaml_kind kind;
} shared_kinds[] = {
    {"_sets.yaml", "sets", "a file of sets", "set", TW_YAML_SEQUENCE},
    {"_macros.yaml", "macros", "a file of macros", "macro", TW_YAML_MAPPING},
    {"_bands.yaml", "bands", "a file of bands", "band", (enum tw_yaml_kind)0}, /* rows, or where they stand: band.c */
};

static const struct shared_kind *shared_kind_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	for (size_t i = 0; i < sizeof(shared_kinds) / sizeof(shared_kinds[0]); i++) {
		if (strcmp(slash ? slash + 1 : name, shared_kinds[i].file) == 0) {
			return &shared_kinds[i];
		}
	}
	return NULL;
}

static struct tw_list *list_of(struct loading *loading, const struct shared_kind *kind)
{
	return kind == &shared_kinds[0] ? &loading->sets : kind == &shared_kinds[1] ? &loading->macros : &loading->bands;
}

static void named_add(struct loading *loading, const struct shared_kind *kind, const struct tw_yaml *values)
{
	struct tw_list *list = list_of(loading, kind);
	struct tw_rule_set *known = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_slice_equal(known[i].name, values->key)) {
			tw_report_error(&loading->report, values->key_mark, TW_E_CONFLICT, "the %s \"%.64s\" is defined before, in %.128s:%u",
			                kind->one, values->key.ptr, known[i].file, known[i].mark.line);
			return;
		}
	}
	const char *values_file = loading->report.file;
	if (kind->kind == TW_YAML_SEQUENCE && values->kind == TW_YAML_MAPPING) {
		values = tw_rule_table_values(values, loading->source, loading->count, &loading->rules->arena, &loading->report, &values_file);
	}
	bool banded = list == &loading->bands;
	const struct tw_band *band = banded ? tw_band_read(values, loading->source, loading->count, &loading->rules->arena, &loading->report) : NULL;
	if (!values || (!banded && !tw_yaml_expect(values, kind->kind, kind->kind == TW_YAML_SEQUENCE ? "a set" : "a macro", &loading->report))) {
		return;
	}
	bool broken = false;
	for (const struct tw_yaml *value = kind->kind == TW_YAML_SEQUENCE ? values->first : NULL; value; value = value->next) {
		broken |= !tw_yaml_expect(value, TW_YAML_SCALAR, "a set's element", &loading->report);
	}
	struct tw_rule_set *named = tw_list_push(&loading->rules->arena, list, sizeof(*named));
	if (!named) {
		(void)no_memory(loading);
		return;
	}
	*named = (struct tw_rule_set){.name = values->key,
	                              .values = values,
	                              .file = loading->report.file,
	                              .values_file = values_file,
	                              .mark = values->key_mark,
	                              .band = band,
	                              .broken = broken};
}

static void named_of_file(struct loading *loading, const struct shared_kind *kind, const struct tw_yaml *root)
{
	const char *const known[] = {kind->key, NULL};
	const struct tw_yaml *all = tw_yaml_member(root, kind->key);
	if (!tw_yaml_expect(root, TW_YAML_MAPPING, kind->what, &loading->report)) {
		return;
	}
	tw_yaml_check_keys(root, known, kind->what, &loading->report);
	if (!all || !tw_yaml_expect(all, TW_YAML_MAPPING, kind->key, &loading->report)) {
		return;
	}
	for (const struct tw_yaml *values = all->first; values; values = values->next) {
		named_add(loading, kind, values);
	}
}

static void warn_unused(struct loading *loading)
{
	for (size_t k = 0; k < sizeof(shared_kinds) / sizeof(shared_kinds[0]); k++) {
		const struct tw_list *list = list_of(loading, &shared_kinds[k]);
		const struct tw_rule_set *named = list->data;
		for (uint32_t i = 0; i < list->count; i++) {
			if (!named[i].used) {
				loading->report.file = named[i].file;
				tw_report_warning(&loading->report, named[i].mark, "no rule uses the %s \"%.64s\"", shared_kinds[k].one,
				                  named[i].name.ptr);
			}
		}
	}
}

/* ---- passes over the files ---- */

static bool parse_all(struct loading *loading)
{
	loading->tree = tw_arena_alloc(&loading->rules->arena, loading->count * sizeof(*loading->tree));
	if (!loading->tree) {
		return no_memory(loading);
	}
	for (size_t i = 0; i < loading->count; i++) {
		struct tw_slice name = tw_arena_copy(&loading->rules->arena, tw_slice_str(loading->source[i].name));
		loading->report.file = name.ptr ? name.ptr : "";
		bool yaml = name.ptr && !tw_rule_is_table(name.ptr);
		loading->tree[i] = yaml ? tw_yaml_parse(loading->source[i].bytes, &loading->rules->arena, &loading->report) : NULL;
		if (loading->tree[i]) {
			loading->tree[i]->key = name; /* a root has no key of its own: the file's name travels there */
		}
	}
	for (size_t i = 0; i < loading->count; i++) {
		const struct shared_kind *kind = shared_kind_of(loading->source[i].name);
		if (loading->tree[i] && kind) {
			loading->report.file = loading->tree[i]->key.ptr;
			named_of_file(loading, kind, loading->tree[i]);
		}
	}
	return true;
}

/* When all sets are known: a parameter may not be named like one. */
static void macros_check(struct loading *loading)
{
	const struct tw_rule_set *macros = loading->macros.data;
	for (uint32_t i = 0; i < loading->macros.count; i++) {
		loading->report.file = macros[i].file;
		tw_macro_check(macros[i].values, &loading->sets, &loading->report);
	}
}

static void compile_all(struct loading *loading)
{
	for (size_t i = 0; i < loading->count; i++) {
		if (!loading->tree[i] || shared_kind_of(loading->source[i].name)) {
			continue;
		}
		struct tw_rule_draft *draft = tw_list_push(&loading->rules->arena, &loading->drafts, sizeof(*draft));
		if (!draft) {
			(void)no_memory(loading);
			return;
		}
		loading->report.file = loading->tree[i]->key.ptr;
		struct tw_compile compile = {.arena = &loading->rules->arena,
		                             .report = &loading->report,
		                             .sets = &loading->sets,
		                             .macros = &loading->macros,
		                             .bands = &loading->bands,
		                             .patterns = loading->rules->patterns,
		                             .words = loading->rules->words};
		(void)tw_rule_compile(&compile, loading->tree[i], loading->report.file, draft);
	}
}

static int compare_ids(struct tw_slice a, struct tw_slice b)
{
	uint32_t shared = a.len < b.len ? a.len : b.len;
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_id(const void *left, const void *right)
{
	const struct tw_rule_draft *a = left, *b = right;
	int order = compare_ids(a->rule.info.id, b->rule.info.id);
	return order ? order : strcmp(a->rule.file ? a->rule.file : "", b->rule.file ? b->rule.file : "");
}

static void check_ids(struct loading *loading)
{
	struct tw_rule_draft *drafts = loading->drafts.data;
	if (loading->drafts.count) {
		qsort(drafts, loading->drafts.count, sizeof(*drafts), by_id);
	}
	for (uint32_t i = 1; i < loading->drafts.count; i++) {
		const struct tw_rule *before = &drafts[i - 1].rule, *rule = &drafts[i].rule;
		if (rule->info.id.len && tw_slice_equal(before->info.id, rule->info.id)) {
			loading->report.file = rule->file;
			tw_report_error(&loading->report, rule->mark, TW_E_CONFLICT, "the rule \"%.64s\" stands in %.128s:%u too", rule->info.id.ptr,
			                before->file, before->mark.line);
		}
	}
}

/* ---- the finished set ---- */

static bool index_type(struct tw_rules *rules, struct tw_rule_index *index, uint32_t type, enum tw_rule_status status)
{
	index->rule = tw_arena_alloc(&rules->arena, rules->count * sizeof(const struct tw_rule *));
	for (uint32_t i = 0; index->rule && i < rules->count; i++) {
		if (rules->rule[i].info.status == status && rules->rule[i].types >> type & 1) {
			index->rule[index->count++] = &rules->rule[i];
		}
	}
	index->gates = index->rule ? tw_gate_index_new(&rules->arena, &rules->gates, index->rule, index->count) : NULL;
	return index->gates != NULL;
}

static bool take_drafts(struct tw_rules *rules, const struct tw_list *list)
{
	const struct tw_rule_draft *drafts = list->data;
	uint32_t tests = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		tests += drafts[i].tests.count;
	}
	rules->rule = tw_arena_alloc(&rules->arena, list->count * sizeof(*rules->rule));
	rules->test = tw_arena_alloc(&rules->arena, tests * sizeof(*rules->test));
	if (!rules->rule || !rules->test) {
		return false;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		const struct tw_rule_draft *draft = &drafts[i];
		rules->rule[rules->count++] = draft->rule;
		rules->slots_max = draft->rule.slot_count > rules->slots_max ? draft->rule.slot_count : rules->slots_max;
		if (draft->tests.count) {
			memcpy(rules->test + rules->test_count, draft->tests.data, draft->tests.count * sizeof(*rules->test));
		}
		rules->test_count += draft->tests.count;
	}
	return true;
}

static bool add_gates(struct tw_rules *rules)
{
	for (uint32_t i = 0; i < rules->count; i++) {
		struct tw_rule *rule = &rules->rule[i];
		rule->clause = tw_arena_alloc(&rules->arena, TW_CLAUSES_MAX * sizeof(*rule->clause));
		if (!rule->clause || !tw_gates_add(&rules->gates, &rules->arena, rule, rule->clause, &rule->clause_count)) {
			return false;
		}
	}
	return true;
}

static enum tw_code digest(struct loading *loading)
{
	size_t size = 0, at = 0;
	for (size_t i = 0; i < loading->count; i++) {
		size += loading->source[i].bytes.len;
	}
	char *all = malloc(size ? size : 1);
	if (!all) {
		return tw_fail(loading->report.err, TW_E_MEMORY, TW_STOP, "no memory to load rules", NULL, NULL);
	}
	for (size_t i = 0; i < loading->count; i++) {
		if (loading->source[i].bytes.len) {
			memcpy(all + at, loading->source[i].bytes.ptr, loading->source[i].bytes.len);
		}
		at += loading->source[i].bytes.len;
	}
	enum tw_code code = tw_sha256_hex(all, size, loading->rules->digest, loading->report.err);
	free(all);
	return code;
}

static enum tw_code finish(struct loading *loading)
{
	struct tw_rules *rules = loading->rules;
	rules->set = loading->sets.data;
	rules->set_count = loading->sets.count;
	rules->macro = loading->macros.data;
	rules->macro_count = loading->macros.count;
	rules->band = loading->bands.data;
	rules->band_count = loading->bands.count;
	bool good = tw_patterns_seal(rules->patterns) && tw_words_seal(rules->words) && take_drafts(rules, &loading->drafts) && add_gates(rules);
	for (uint32_t type = 1; good && type < TW_EVENT_TYPES; type++) {
		good = index_type(rules, &rules->of_type[type], type, TW_RULE_ACTIVE) &&
		       index_type(rules, &rules->shadow_of_type[type], type, TW_RULE_SHADOW);
	}
	if (!good) {
		return tw_fail(loading->report.err, TW_E_MEMORY, TW_STOP, "no memory to load rules", NULL, NULL);
	}
	return digest(loading);
}

enum tw_code tw_rules_load_sources(const struct tw_rule_source *sources, size_t count, FILE *problems, struct tw_rules **out, struct tw_error *err)
{
	return tw_rules_load_seen(sources, count, problems, NULL, out, err);
}

enum tw_code tw_rules_load_seen(const struct tw_rule_source *sources, size_t count, FILE *problems, const struct tw_rule_sink *sink,
                                struct tw_rules **out, struct tw_error *err)
{
	struct tw_rules *rules = calloc(1, sizeof(*rules));
	if (!rules) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to load rules", NULL, NULL);
	}
	struct loading loading = {
	    .source = sources, .count = count, .rules = rules, .report = {.stream = problems, .sink = sink, .err = err, .file = ""}};
	tw_arena_init(&rules->arena, BLOCK_BYTES, ARENA_BYTES_MAX);
	rules->patterns = tw_patterns_new(&rules->arena);
	rules->words = tw_words_new(&rules->arena);
	if (!rules->patterns || !rules->words) {
		(void)no_memory(&loading);
	} else if (parse_all(&loading)) {
		macros_check(&loading);
		compile_all(&loading);
		check_ids(&loading);
	}
	enum tw_code code = loading.report.errors ? loading.report.code : TW_OK;
	if (code == TW_OK) {
		warn_unused(&loading);
		code = finish(&loading);
	}
	if (code != TW_OK) {
		tw_rules_free(rules);
		return code;
	}
	*out = rules;
	return TW_OK;
}

void tw_rules_free(struct tw_rules *rules)
{
	if (!rules) {
		return;
	}
	tw_patterns_free(rules->patterns);
	tw_arena_fini(&rules->arena);
	free(rules);
}

uint32_t tw_rules_count(const struct tw_rules *rules)
{
	return rules->count;
}

uint32_t tw_rules_count_of(const struct tw_rules *rules, enum tw_rule_status status)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < rules->count; i++) {
		count += rules->rule[i].info.status == status;
	}
	return count;
}

const struct tw_rule_info *tw_rules_info(const struct tw_rules *rules, uint32_t at)
{
	return &rules->rule[at].info;
}

struct tw_slice tw_rules_digest(const struct tw_rules *rules)
{
	return tw_slice_str(rules->digest);
}

uint32_t tw_rules_test_count(const struct tw_rules *rules)
{
	return rules->test_count;
}

const struct tw_rule_test *tw_rules_test(const struct tw_rules *rules, uint32_t at)
{
	return &rules->test[at];
}
