/**
 * @file yaml_fuzz.c
 * Any bytes as YAML. A refusal says why; a tree is sound: counts, ends, marks inside the source, texts terminated, no key twice. And the layout
 * of `rules fmt`, where it takes the file, is the same document and a second run changes nothing.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "rules/canon.h"
#include "rules/fmt.h"
#include "rules/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An assertion that no build switches off. */
static void must(bool holds)
{
	if (!holds) {
		__builtin_trap();
	}
}

static void check_text(struct tw_slice text)
{
	must(text.ptr != NULL && text.ptr[text.len] == '\0');
}

static void check_keys(const struct tw_yaml *node)
{
	for (const struct tw_yaml *child = node->first; child; child = child->next) {
		check_text(child->key);
		for (const struct tw_yaml *other = child->next; other; other = other->next) {
			must(!tw_slice_equal(child->key, other->key));
		}
	}
}

/* A value that is not there stands where the source ends: libyaml counts the line after it. */
static void check_node(const struct tw_yaml *node, uint32_t lines)
{
	uint32_t count = 0;
	const struct tw_yaml *last = NULL;
	must(node->mark.line >= 1 && node->mark.line <= lines + 1 && node->mark.column >= 1);
	if (node->kind == TW_YAML_SCALAR) {
		check_text(node->text);
		must(!node->first);
	} else if (node->kind == TW_YAML_MAPPING) {
		check_keys(node);
	}
	for (const struct tw_yaml *child = node->first; child; child = child->next, count++) {
		check_node(child, lines);
		last = child;
	}
	must(count == node->count && last == node->last);
}

static struct tw_yaml *parse(struct tw_slice bytes, struct tw_arena *arena, uint32_t *errors)
{
	struct tw_rule_report report = {.file = "a.yaml"};
	struct tw_yaml *root = tw_yaml_parse(bytes, arena, &report);
	*errors = report.errors;
	return root;
}

static void check_layout(struct tw_slice bytes, const struct tw_yaml *root, struct tw_arena *arena)
{
	struct tw_rule_source source = {"a.yaml", bytes}, again;
	struct tw_slice once, twice;
	uint32_t errors;
	if (tw_rule_format(&source, arena, &once, NULL) != TW_OK) {
		return;
	}
	again = (struct tw_rule_source){"a.yaml", once};
	must(tw_rule_format(&again, arena, &twice, NULL) == TW_OK && tw_slice_equal(once, twice));
	const struct tw_yaml *laid = parse(once, arena, &errors);
	must(laid != NULL && laid->kind == root->kind && laid->count == root->count);
	for (const struct tw_yaml *child = root->kind == TW_YAML_MAPPING ? root->first : NULL; child; child = child->next) {
		const struct tw_yaml *same = tw_yaml_member(laid, child->key.ptr);
		must(same != NULL && tw_slice_equal(tw_canon_written(child, arena), tw_canon_written(same, arena)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_slice bytes = {(const char *)data, (uint32_t)size};
	struct tw_arena arena;
	uint32_t errors, lines = 1;
	if (size > 16384) {
		return 0;
	}
	for (size_t i = 0; i < size; i++) {
		lines += data[i] == '\n' || data[i] == '\r' || data[i] == 0x85 || data[i] == 0xA8 || data[i] == 0xA9; /* what may end a line */
	}
	tw_arena_init(&arena, 65536, 64UL * 1024 * 1024);
	const struct tw_yaml *root = parse(bytes, &arena, &errors);
	must((root == NULL) == (errors > 0));
	if (root) {
		check_node(root, lines);
		check_layout(bytes, root, &arena);
	}
	tw_arena_fini(&arena);
	return 0;
}
