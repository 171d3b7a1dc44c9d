/**
 * @file head.c
 * A rule's head: id, version, status, what it listens to, what it is worth, what it stands on. And the order in which a rule is compiled.
 */
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "rules/points.h"
#include "rules/ruleset.h"

#define ID_BYTES_MAX  64U
#define VERSION_MAX   1000000
#define SEVERITY_MAX  5
#define HOLD_DAYS_MAX 30

static const char *const keys[] = {"id",        "version",     "status",          "title",  "owner",  "created", "on",   "types",
                                   "source",    "legal_basis", "false_positives", "points", "group",  "action",  "lane", "severity",
                                   "hold_days", "because",     "settles",         "when",   "unless", "tests",   NULL};
static const char *const status_words[] = {"draft", "shadow", "active", "deprecated", NULL};
static const char *const action_words[] = {"inform", "score", "documents", "examine", "hold", NULL};
/* Of enum tw_lane; green is no least: every consignment has it. */
static const char *const lane_words[] = {"red", "yellow", "blue", NULL};
static const char *const family_words[] = {"manifest", "certificate", "marking", "outcome", "decision", NULL};

static const struct tw_yaml *needed(struct tw_compile *compile, const struct tw_yaml *root, const char *key)
{
	const struct tw_yaml *member = tw_yaml_member(root, key);
	if (!member) {
		tw_report_error(compile->report, root->mark, TW_E_MISSING, "the rule lacks \"%s\"", key);
	}
	return member;
}

static bool text(struct tw_compile *compile, const struct tw_yaml *root, const char *key, struct tw_slice *out)
{
	const struct tw_yaml *member = needed(compile, root, key);
	if (!member || !tw_yaml_expect(member, TW_YAML_SCALAR, key, compile->report)) {
		return false;
	}
	if (member->text.len == 0) {
		tw_report_error(compile->report, member->mark, TW_E_MISSING, "\"%s\" is empty", key);
		return false;
	}
	*out = member->text;
	return true;
}

/* Texts of the rule itself are printed on terminals: what would steer one is no part of them. Line ends and tabs are. */
bool tw_rule_text_check(struct tw_compile *compile, const struct tw_yaml *node, const char *key)
{
	for (uint32_t i = 0; node->kind == TW_YAML_SCALAR && i < node->text.len; i++) {
		unsigned char c = (unsigned char)node->text.ptr[i];
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
			tw_report_error(compile->report, node->mark, TW_E_RANGE, "\"%s\" holds a control character", key);
			return false;
		}
	}
	bool good = true;
	for (const struct tw_yaml *item = node->kind == TW_YAML_SEQUENCE ? node->first : NULL; item; item = item->next) {
		good &= item->kind != TW_YAML_SCALAR || tw_rule_text_check(compile, item, key);
	}
	return good;
}

static bool number(struct tw_compile *compile, const struct tw_yaml *root, const char *key, int64_t least, int64_t most, int64_t *out)
{
	const struct tw_yaml *member = needed(compile, root, key);
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	if (!member || !tw_literal_of(compile, member, key, &literal) || !tw_literal_number(compile, &class, literal, out)) {
		return false;
	}
	if (*out < least || *out > most) {
		tw_report_error(compile->report, member->mark, TW_E_RANGE, "\"%s\" must be %lld to %lld", key, (long long)least, (long long)most);
		return false;
	}
	return true;
}

static bool word(struct tw_compile *compile, const struct tw_yaml *root, const char *key, const char *const *words, uint32_t *out)
{
	const struct tw_yaml *member = needed(compile, root, key);
	struct tw_literal literal;
	uint32_t bits;
	if (!member || !tw_literal_of(compile, member, key, &literal)) {
		return false;
	}
	struct tw_literals one = {&literal, 1};
	if (!tw_literals_bits(compile, words, key, &one, &bits)) {
		return false;
	}
	for (*out = 1; !(bits >> *out & 1); (*out)++) {
	}
	return true;
}

/* ---- id ---- */

static bool is_kebab(struct tw_slice id)
{
	for (uint32_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		bool dash = c == '-' && i && i + 1 < id.len && id.ptr[i - 1] != '-';
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || dash)) {
			return false;
		}
	}
	return id.len && id.len <= ID_BYTES_MAX;
}

static struct tw_slice stem(const char *file)
{
	const char *slash = strrchr(file, '/');
	struct tw_slice name = tw_slice_str(slash ? slash + 1 : file);
	if (name.len > 5 && memcmp(name.ptr + name.len - 5, ".yaml", 5) == 0) {
		name.len -= 5;
	}
	return name;
}

static bool id(struct tw_compile *compile, const struct tw_yaml *root, const char *file, struct tw_rule *rule)
{
	const struct tw_yaml *member = tw_yaml_member(root, "id");
	struct tw_slice name = stem(file);
	rule->file = file;
	rule->root = root;
	if (!text(compile, root, "id", &rule->info.id) || !member) {
		return false;
	}
	rule->mark = member->mark;
	if (!is_kebab(rule->info.id)) {
		tw_report_error(compile->report, member->mark, TW_E_RANGE, "an id is lower-case words joined by single dashes, at most %u bytes",
		                ID_BYTES_MAX);
		return false;
	}
	if (!tw_slice_equal(name, rule->info.id)) {
		tw_report_error(compile->report, member->mark, TW_E_CONFLICT, "the id is not the file's name, \"%.*s\"", (int)name.len, name.ptr);
		return false;
	}
	return true;
}

/* ---- what it listens to ---- */

static uint64_t types_of(enum tw_family family)
{
	uint64_t types = 0;
	if (family == TW_FAMILY_MANIFEST) {
		return 1ULL << TW_CONSIGNMENT_DECLARED | 1ULL << TW_CONSIGNMENT_AMENDED;
	}
	for (uint32_t type = 1; type < TW_EVENT_TYPES; type++) {
		types |= tw_event_type_family((enum tw_event_type)type) == family ? 1ULL << type : 0;
	}
	return types;
}

static bool type_add(struct tw_compile *compile, const struct tw_literal *literal, uint64_t *types)
{
	enum tw_event_type type = tw_event_type_find(literal->text);
	struct tw_nearest nearest = tw_nearest_to(literal->text);
	char hint[TW_HINT_BYTES];
	if (type && tw_event_type_family(type) == compile->family) {
		*types |= 1ULL << type;
		return true;
	}
	for (uint32_t i = 1; i < TW_EVENT_TYPES; i++) {
		if (tw_event_type_family((enum tw_event_type)i) == compile->family) {
			tw_nearest_offer(&nearest, tw_event_type_name((enum tw_event_type)i));
		}
	}
	tw_report_error(compile->report, literal->mark, TW_E_UNKNOWN, "\"%.64s\" is no event type of a %s%s", literal->text.ptr,
	                tw_family_name(compile->family), tw_nearest_hint(&nearest, hint));
	return false;
}

static bool listens(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule *rule)
{
	const struct tw_yaml *types = tw_yaml_member(root, "types");
	struct tw_literals literals;
	uint32_t family;
	bool good = true;
	if (!word(compile, root, "on", family_words, &family)) {
		return false;
	}
	rule->family = compile->family = (enum tw_family)family;
	if (!types) {
		rule->types = types_of(rule->family);
		return true;
	}
	if (!tw_literals_read(compile, types, "types", &literals)) {
		return false;
	}
	for (uint32_t i = 0; i < literals.count; i++) {
		good &= type_add(compile, &literals.at[i], &rule->types);
	}
	return good;
}

/* ---- what it is worth, what it stands on ---- */

/* One source a line or several: joined for the reader of an alert. */
static bool source(struct tw_compile *compile, const struct tw_yaml *root, struct tw_slice *out)
{
	const struct tw_yaml *member = needed(compile, root, "source");
	struct tw_literals literals;
	if (!member) {
		return false;
	}
	if (member->kind == TW_YAML_SCALAR) {
		return text(compile, root, "source", out);
	}
	if (!tw_literals_read(compile, member, "source", &literals)) {
		return false;
	}
	*out = literals.at[0].text;
	for (uint32_t i = 1; i < literals.count; i++) {
		*out = tw_arena_format(compile->arena, "%s; %s", out->ptr ? out->ptr : "", literals.at[i].text.ptr);
	}
	return out->len != 0;
}

/* @param action of a rule that holds, else NULL */
static bool held_by(struct tw_compile *compile, const struct tw_yaml *root, const struct tw_yaml *action, const char *key)
{
	bool good = !action || tw_yaml_member(root, key);
	if (!good) {
		tw_report_error(compile->report, action->mark, TW_E_MISSING, "the rule lacks \"%s\", without which nothing is held", key);
	}
	return good;
}

static bool hold(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule_info *info)
{
	int64_t days = 0;
	bool good = true;
	const struct tw_yaml *action = info->action == TW_ACTION_HOLD ? tw_yaml_member(root, "action") : NULL;
	good &= held_by(compile, root, action, "legal_basis");
	good &= held_by(compile, root, action, "hold_days");
	if (tw_yaml_member(root, "legal_basis")) {
		good &= text(compile, root, "legal_basis", &info->legal_basis);
	}
	if (tw_yaml_member(root, "hold_days")) {
		good &= number(compile, root, "hold_days", 1, HOLD_DAYS_MAX, &days);
	}
	info->hold_days = (uint32_t)days;
	return good;
}

/* Earlier findings that this one closes. That there is such a rule nobody can say here: a pack may settle what another one tells. */
static bool settles(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule_info *info)
{
	const struct tw_yaml *member = tw_yaml_member(root, "settles");
	struct tw_literals literals;
	if (!member) {
		return true;
	}
	if (!tw_literals_read(compile, member, "settles", &literals)) {
		return false;
	}
	struct tw_slice *ids = tw_arena_alloc(compile->arena, literals.count * sizeof(*ids));
	if (!ids) {
		tw_report_error(compile->report, member->mark, TW_E_MEMORY, "no memory");
		return false;
	}
	for (uint32_t i = 0; i < literals.count; i++) {
		ids[i] = literals.at[i].text;
		if (!is_kebab(ids[i])) {
			tw_report_error(compile->report, literals.at[i].mark, TW_E_RANGE,
			                "an id is lower-case words joined by single dashes, at most %u bytes", ID_BYTES_MAX);
			return false;
		}
	}
	info->settles = ids;
	info->settle_count = literals.count;
	return true;
}

/* The least lane. What only informs moves no lane. */
static bool lane(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule_info *info)
{
	const struct tw_yaml *member = tw_yaml_member(root, "lane");
	uint32_t least = 0;
	if (member && !word(compile, root, "lane", lane_words, &least)) {
		return false;
	}
	if (least && info->action == TW_ACTION_INFORM) {
		tw_report_error(compile->report, member->key_mark, TW_E_CONFLICT, "a rule that only informs has no lane");
		return false;
	}
	info->lane = (enum tw_lane)least;
	return true;
}

/* One number, or steps by a value; the value itself is read after the conditions, whose elements it may name. */
static bool points(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule *rule)
{
	const struct tw_yaml *member = tw_yaml_member(root, "points");
	int64_t fixed = 0;
	if (member && member->kind == TW_YAML_MAPPING) {
		return tw_points_steps(compile, member, rule);
	}
	bool good = number(compile, root, "points", TW_POINTS_MIN, TW_POINTS_MAX, &fixed);
	rule->info.points = (int32_t)fixed;
	return good;
}

static bool info(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule *rule)
{
	struct tw_rule_info *info_ = &rule->info;
	int64_t version = 0, severity = 0;
	uint32_t status = 0, action = 0;
	struct tw_slice unused;
	bool good = number(compile, root, "version", 1, VERSION_MAX, &version);
	good &= word(compile, root, "status", status_words, &status);
	good &= text(compile, root, "title", &info_->title);
	good &= source(compile, root, &info_->source);
	good &= text(compile, root, "false_positives", &unused);
	good &= points(compile, root, rule);
	good &= word(compile, root, "action", action_words, &action);
	good &= number(compile, root, "severity", 1, SEVERITY_MAX, &severity);
	info_->version = (uint32_t)version;
	info_->status = (enum tw_rule_status)status;
	info_->action = (enum tw_action)action;
	good &= lane(compile, root, info_);
	good &= settles(compile, root, info_);
	info_->severity = (uint32_t)severity;
	info_->group = info_->id;
	if (tw_yaml_member(root, "group")) {
		good &= text(compile, root, "group", &info_->group);
	}
	return hold(compile, root, info_) && good;
}

/* `unless` beside `when`: both halves are compiled, so that the errors of both are named. */
static struct tw_clause *unless(struct tw_compile *compile, struct tw_clause *when, const struct tw_yaml *exception)
{
	struct tw_clause *inside = tw_compile_condition(compile, NULL, exception, 1);
	if (!when || !inside) {
		return NULL;
	}
	struct tw_clause *denied = tw_compile_node(compile, TW_OP_NOT, inside->cost);
	struct tw_clause *both = denied ? tw_compile_node(compile, TW_OP_ALL, when->cost + inside->cost) : NULL;
	if (both) {
		denied->node.source = both->node.source = exception;
		denied->first = inside;
		when->next = denied;
		both->first = when;
	}
	return both;
}

static bool condition(struct tw_compile *compile, const struct tw_yaml *root, struct tw_rule *rule)
{
	const struct tw_yaml *when = needed(compile, root, "when"), *because = tw_yaml_member(root, "because");
	struct tw_slot *event = tw_list_push(compile->arena, &compile->slots, sizeof(*event));
	bool sentence = text(compile, root, "because", &rule->info.because);
	if (!event || !when) {
		return false;
	}
	struct tw_clause *tree = tw_compile_condition(compile, NULL, when, 0);
	const struct tw_yaml *exception = tw_yaml_member(root, "unless");
	if (exception) {
		tree = unless(compile, tree, exception);
	}
	/* without its conditions a sentence's facts and names would all look unknown */
	if (!tree || !sentence || !because) {
		return false;
	}
	const struct tw_yaml *worth = tw_yaml_member(root, "points");
	bool good = !worth || worth->kind != TW_YAML_MAPPING || tw_points_over(compile, worth, rule); /* the sentence may name its fact */
	good &= tw_compile_because(compile, because, rule);
	rule->slot = compile->slots.data;
	rule->slot_count = compile->slots.count;
	return tw_compile_layout(compile, tree, rule) && good;
}

bool tw_rule_compile(struct tw_compile *compile, const struct tw_yaml *root, const char *file, struct tw_rule_draft *out)
{
	uint32_t errors = compile->report->errors;
	if (!tw_yaml_expect(root, TW_YAML_MAPPING, "a rule", compile->report)) {
		return false;
	}
	tw_yaml_check_keys(root, keys, "a rule", compile->report);
	for (const struct tw_yaml *member = root->first; member; member = member->next) {
		(void)tw_rule_text_check(compile, member, member->key.ptr);
	}
	(void)id(compile, root, file, &out->rule);
	(void)info(compile, root, &out->rule);
	if (listens(compile, root, &out->rule)) { /* paths mean nothing before the family is known */
		const struct tw_yaml *tests = needed(compile, root, "tests");
		(void)condition(compile, root, &out->rule);
		(void)(tests && tw_rule_tests(compile, tests, out));
	}
	return errors == compile->report->errors;
}
