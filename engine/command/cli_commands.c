/**
 * @file cli_commands.c
 * See cli_commands.h. What `help` says stands here and nowhere else; what a command does is in cli.c and cli_tools.c; cli.c has them in the same
 * order.
 */
#include "engine/command/cli_commands.h"

#include <stddef.h>

/* clang-format off */
#define HELP_OPTION {TW_OPTION_HELP, "--help", NULL, "this text"}
#define CONFIG_OPTIONS {TW_OPTION_CONFIG, "--config", "FILE", "settings; else ./" TW_DEFAULT_CONFIG " if there, else built in"}, \
                       {TW_OPTION_SET, "--set", "PATH=VALUE", "one setting, above the file; may be repeated"}

const struct tw_command tw_commands[TW_COMMANDS] = {
	{"screen", "FILE...", "Judge the events of files (- is standard input); alerts, holds and dead letters go out as one JSON object a line.",
	 "A line is an envelope {\"topic\": ..., \"value\": {...}}, or with --topic an event as it is. History starts empty and is kept in memory.\n"
	 "With --out and files for input, OUT.checkpoint says how far it came. Killed, and started again with --resume, it goes on from there: it\n"
	 "reads again what was finished, for history alone, and the output ends up the same to the byte. Refused when inputs, rules, lists, settings\n"
	 "or the program are not those of the earlier run. Safe to state always: without a checkpoint it begins at the begin.\n"
	 "With --only-delta, after a new edition of the lists, stored events are screened again and only what is news comes out: hits by entries\n"
	 "that came, or by names and numbers that an entry gained, marked \"new\" in the alert.\n"
	 "Exit: 0 done, 66 no input, 70 damaged checkpoint, 74 a file failed, 78 configuration, rules, lists, or a run that cannot be gone on with.",
	 {{TW_OPTION_TOPIC, "--topic", "NAME", "lines are bare events of this input topic"},
	  {TW_OPTION_OUT, "--out", "FILE", "write here instead of standard output (setting output.path)"},
	  {TW_OPTION_ONLY_DELTA, "--only-delta", "BEFORE", "only alerts with a hit that the lists compiled in BEFORE (lists build) could not give"},
	  {TW_OPTION_RESUME, "--resume", NULL, "go on where OUT.checkpoint stands, if there is one"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no summary"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"top", "[FILE...]", "The ranked worklist from alerts: what to open first, and why.",
	 "Reads what `screen` wrote, or bare alert bodies; standard input without a file.\n"
	 "Exit: 0 done, 1 no such alert, 65 lines that cannot be used, 66 no such file, 74 a file failed; what could be read is shown all the same.",
	 {{TW_OPTION_OFFICE, "--office", "CODE", "alerts of this customs office, and those that name none"},
	  {TW_OPTION_CAPACITY, "--capacity", "N", "as many as can be opened today"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "table, json or csv"},
	  {TW_OPTION_EXPLAIN, "--explain", "ID", "one alert in full: its id, the begin of it, a consignment or a certificate's key"},
	  {TW_OPTION_ALL, "--all", NULL, "superseded alerts too"}, HELP_OPTION}},
	{"run", "", "Read events from Kafka, keep history, write alerts back, until SIGTERM or SIGINT.",
	 "The first signal finishes and commits the batch, then leaves; the second ends at once: nothing is lost or counted twice either way.\n"
	 "With --workers a supervisor starts N of them, which share one copy of rules and lists, and starts again, after a pause, one that was killed\n"
	 "or lost a peer. SIGHUP, a change of the files (reload.poll_ms), or `reload` loads rules, lists, embargoes and code lists anew while events flow; what is\n"
	 "wrong with them is logged, and the old ones stay. One that ends with 70, 75 or 78 ends all, for a restart would meet the same. Needs state.store redis for more than one.\n"
	 "Exit: 0 stopped, 70 damaged state, 71 memory, 74 a peer failed, 75 start again, 78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_WORKERS, "--workers", "N", "1 to 64 processes, or auto: one a core (setting workers.count)"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"check", "", "Load settings, rules and lists, say what was loaded, and run the tests inside the rules.", "Shows also how the last load of the engine that runs with these settings ended, and why it was refused (reload.report).\n"
	 "Exit: 0 all good; 65 it would run, but with the last good copy of a list that is missing or broken, or the last load was refused; 78 (or 74 with --connect) otherwise.",
	 {{TW_OPTION_CONNECT, "--connect", NULL, "also ask Kafka for the topics, and Redis"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"reload", "[PID]", "Ask a `run` to load its rules and lists anew, and tell what came of it.",
	 "PID is the process, with workers the supervisor's; without it the one that wrote the file of reload.report. It is sent SIGHUP, then that file is\n"
	 "waited for: taken, unchanged, or refused with the reason and every problem. Without such a file the process is asked, and its log says the rest.\n"
	 "A process that does not listen to SIGHUP, which would end it, is never sent it.\n"
	 "Exit: 0 taken, nothing new, or asked; 65 refused: the old ones stay; 64 no process named, 66 no such `run`, 75 no answer yet, 78 configuration.",
	 {{TW_OPTION_WAIT, "--wait", "S", "so many seconds at most (60); 0: not at all"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"state", "show ENTITY|verify|rebuild|migrate|drop", "Look into the stored state, compare it with the log, bring it back, move it.",
	 "show ENTITY   One folded record in words. ENTITY is KIND KEY (or KIND:KEY): party \"ACME TRADING|XB\", vessel 9074729, container HLXU1234567,\n"
	 "              consignment ID, certificate \"QZ|QZ/MOD/2026/00417\", marking \"MAKER|SERIAL\", address \"TEXT|XB\"; spelled as on paper or as stored.\n"
	 "              Windows of days count back from the newest day that the record has. Exit 1: no such record; some that begin alike are named.\n"
	 "verify        Folds the log in memory (decoding alone: no rules, no lists) and names every difference from what Redis has. Exit 0 equal, 1 not.\n"
	 "              Engines may run meanwhile: each record is read together with its shard's watermarks and compared with the log up to there, so what\n"
	 "              is not committed yet is no difference. Where the log lacks its begin it says so, and compares only what can be known.\n"
	 "rebuild       Joins the group, judges nothing, appends what Redis lacks of the committed events, opens the epoch, leaves. --from-nothing removes\n"
	 "              the stored state first; refused (75) while engines run, and where the log lacks its begin: then history would be lost.\n"
	 "migrate       Builds the state from the log under --to-prefix, up to the offsets that are committed now, beside the old one and its engines. Run\n"
	 "              again it catches up. For another number of shards, or after an upgrade with another schema. Says at its end what to do next.\n"
	 "drop          Removes the keys of --prefix.\n"
	 "Exit: 64 usage, 70 damaged state, 74 a peer failed, 75 start again, 78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_JSON, "--json", NULL, "show, verify: one JSON object"},
	  {TW_OPTION_MOST, "--most", "N", "verify: name at most so many differences (20); all are counted"},
	  {TW_OPTION_FROM_NOTHING, "--from-nothing", NULL, "rebuild: remove the stored state first"},
	  {TW_OPTION_TO_PREFIX, "--to-prefix", "NAME", "migrate: key prefix of the new state"},
	  {TW_OPTION_TO_SHARDS, "--to-shards", "N", "migrate: its number of shards; else redis.shards"},
	  {TW_OPTION_PREFIX, "--prefix", "NAME", "drop: whose keys"},
	  {TW_OPTION_YES, "--yes", NULL, "really remove"},
	  {TW_OPTION_FORCE, "--force", NULL, "drop: even the prefix in use"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no speed"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"certificate", "show CERTIFICATE [FILE...]|list [FILE...]", "The ledger of end-user certificates: terms, draws, deliveries, what happened, and what does not fit.",
	 "show CERTIFICATE  One: its number, or ISSUER|NUMBER (\"QZ|QZ/MOD/2026/00417\"), spelled as on paper. Problems; each line with every consignment that draws on\n"
	 "                  it and what is left; deliveries received, short or over; what happened, in event time; every statement of it and what it changed; the\n"
	 "                  paper in force. Exit 1: nothing is on record of it; the nearest number is named, and of a\n"
	 "                  consignment what it draws on.\n"
	 "list              All, those with the most urgent problem first.\n"
	 "FILE is what `screen` reads (- is standard input), and what it wrote: the reasons of alerts about a certificate are among its problems. Without FILE\n"
	 "the store of the configured engine is asked: the same view, and what it does not keep is named in it; with --log the configured\n"
	 "broker's topics are read from their begin, as nobody's member.\n"
	 "Problems, the most urgent first: drawn_void (on a paper that was revoked, lost, refuted or suspended then), voided_since, terms_conflict (a twin),\n"
	 "over_drawn, reused (one transaction, several consignments), diverted, received_differs, outside_validity, elsewhere, not_certified (a line that it\n"
	 "does not have), units_differ, not_on_record, not_confirmed, rule (an alert's reason).\n"
	 "Exit: 0 done, 1 no such certificate, 64 usage, 65 lines that cannot be used, 66 no such file, 70 damaged state, 74 a peer or a file failed,\n"
	 "78 configuration.",
	 {{TW_OPTION_ISSUER, "--issuer", "XX", "list: certificates of this country"},
	  {TW_OPTION_PROBLEM, "--problem", "WORD", "list: those with this problem"},
	  {TW_OPTION_LIMIT, "--limit", "N", "list: at most so many (20); 0 all"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "table or json: one object a certificate, one a line"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "lines of the files are bare events of this input topic"},
	  {TW_OPTION_LOG, "--log", NULL, "read the topics of the configured broker"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"lists", "stat|search NAME|diff OLD NEW|build", "What the lists hold, whether a name hits and why, a file of names at once, two editions compared; all compiled to one file.",
	 "stat              Of each list: entries by kind, names, numbers, addresses, what was passed over and why, digest, memory, time to read.\n"
	 "search NAME       What NAME hits and why; for a miss, what it was compared as and what came nearest. Decisions of the known good are shown as such.\n"
	 "                  With --on the lists as they stood that day: an entry whose day of listing is not stated is shown, and says so. --on without a\n"
	 "                  NAME prints all that was listed that day.\n"
	 "search --batch F  A file of names (- is standard input): CSV with a header that has name or identifier (9187629, imo:9187629) and may have id, country,\n"
	 "                  birth_date, kind, address, or one JSON object a line with the same members. One JSON object a row comes out, in the same order; a row that cannot be read has error and\n"
	 "                  its line, and the exit is 65.\n"
	 "diff OLD NEW      Two editions of one list of --format: entries added, removed, changed, by the issuer's own reference; then the counts.\n"
	 "                  --format compiled: two files of `lists build`, all their lists.\n"
	 "build             All configured lists, read from their own files, compiled to the file of --out: setting compiled.path to it makes every command\n"
	 "                  map that file instead of reading them. One list that is refused refuses all; the file is replaced when all is written.\n"
	 "Exit: 0 a hit, or nothing differs; 1 no hit, or a difference; 64 usage, 65 rows not read, 66 no such file of names, 74 a file failed,\n"
	 "70 a damaged compiled file, 78 configuration, or a list that cannot be read.",
	 {{TW_OPTION_LIST, "--list", "ID=FORMAT:PATH", "this list instead of the configured ones; may be repeated"},
	  {TW_OPTION_KIND, "--kind", "WORD", "person, organisation, vessel, aircraft or any (any; it compares numbers too)"},
	  {TW_OPTION_COUNTRY, "--country", "XX", "search: the party's, two letters"},
	  {TW_OPTION_ADDRESS, "--address", "TEXT", "search: the party's, with its town; what agrees adds, and who else is listed there is shown"},
	  {TW_OPTION_BIRTH, "--birth", "DATE", "search: as far as it is known: 1962, 1962-03, 1962-03-12"},
	  {TW_OPTION_LIMIT, "--limit", "N", "search: most hits of a name (10); 0 all"},
	  {TW_OPTION_MIN_SIMILARITY, "--min-similarity", "PPM", "search: only hits from this similarity on, in millionths"},
	  {TW_OPTION_ALL, "--all", NULL, "search: all names, numbers, addresses and links of an entry"},
	  {TW_OPTION_ON, "--on", "DATE", "search: the lists as they stood on this day; known good decisions must count on it"},
	  {TW_OPTION_BATCH, "--batch", "FILE", "search: a file of names"},
	  {TW_OPTION_OUT, "--out", "FILE", "build: the compiled file; search --batch: write here instead of standard output"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "diff: the format of both files, or compiled"},
	  {TW_OPTION_JSON, "--json", NULL, "stat, diff: one JSON object a line; search: one"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress, no summary, no warnings"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"registers", "lint [FILE...]|build|codes", "The CSV files that a centre maintains: all that is wrong with them at once; a list of millions of marks compiled.",
	 "lint    Specimens, quantity bands, forms of serials, lists of marks: what a load would refuse, and rows that it would pass over, each with a stable code, its line, its\n"
	 "        column and a caret. FILE is known by its header; a list of marks whose columns have other names is read with markings.columns. Without\n"
	 "        FILE those of specimens.path, quantities.path, serial_forms.path and markings.path.\n"
	 "build   The list of markings.path compiled to the file of --out: set as markings.path it is mapped, not read. Another build of the program refuses it.\n"
	 "codes   The table of those codes, as Markdown.\n"
	 "Exit: 0 good, or warnings alone; 64 usage, 65 a register that is wrong, 78 no such file, configuration.",
	 {{TW_OPTION_FORMAT, "--format", "WORD", "lint: text; json: one object a line; github: annotations of a workflow"},
	  {TW_OPTION_OUT, "--out", "FILE", "build: the compiled list"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "build: no progress"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"trace", "MARK...", "What is known of a weapon's mark: every sighting in order, with source; who else may have made it; what is missing to identify it.",
	 "MARK is SERIAL or \"MAKER|SERIAL\", as stamped or as stored; a lot too. Asked of the files of --over; without them of the engine's records in Redis; with\n"
	 "state.store memory of the topics, up to what is committed. A sighting is exact (sign by sign), normalised (but for case, blanks and punctuation),\n"
	 "number (but for noughts before it), in range (of serials that were stated as one), or only alike (0 as O, 1 as I): the last is a hint, and\n"
	 "counts for nothing in what identifies the weapon. Serials repeat across makers: without a maker all that have such a serial are named.\n"
	 "Exit: 0 every mark was seen, 1 one was not (unknown is an answer), 64 usage, 66 no such file, 70 damaged state, 74 a file or peer failed,\n"
	 "78 configuration, credentials or a missing topic.",
	 {{TW_OPTION_MAKER, "--maker", "NAME", "of marks that state none"},
	  {TW_OPTION_MODEL, "--model", "NAME", "as far as it is known: counts in what identifies the weapon"},
	  {TW_OPTION_COUNTRY, "--country", "XX", "of manufacture, likewise"},
	  {TW_OPTION_OVER, "--over", "FILE", "events as `screen` reads them (- is standard input); may be repeated"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "lines of --over are bare events of this input topic"},
	  {TW_OPTION_FORMAT, "--format", "WORD", "text or json: one object a mark"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no progress"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"rules", "lint [PATHS]|test [PATHS]|docs [PATHS]|fmt FILES|coverage [PATHS]|diff OLD NEW|backtest PACK...|explain RULE EVENT|explain ALERT EVENTS|fields|codes|keygen NAME|sign PACK|verify [PACKS]", "The tools of whoever writes rules. PATHS are rule files and folders; without them the configured rules.",
	 "lint              Everything that is wrong at once, each with a stable code, its line, a caret, the nearest valid name, and how to mend it: what the\n"
	 "                  loader refuses; owner and day of creation; countries that do not exist; patterns that need no fixed text (slow), never match, or\n"
	 "                  give up on a text made to hurt them; conditions that exclude each other; rules with the same conditions. --format json: one\n"
	 "                  object a line; github: annotations of a workflow.\n"
	 "test              The tests inside the rules, on all cores; of one that fails, what was expected, what fired instead and why, and its rule's\n"
	 "                  conditions, each true or false with the value that it saw. Drafts are tested too. 65 when one fails.\n"
	 "docs              A catalogue: what each rule looks for, why, its source, points and action, when it is wrong, and an example from its tests with\n"
	 "                  the sentence that the officer reads. --format html: one file that needs nothing else.\n"
	 "fmt FILES         One layout, comments kept, in place; the files that changed are named. A file that would not stay the same document is refused.\n"
	 "                  --check changes nothing and ends with 1 when something would change.\n"
	 "coverage          What no test touches: conditions that were never true or never false, entries of lists and sets and patterns that none met; by\n"
	 "                  rule, by named set, in all. With --min it ends with 1 below that percentage.\n"
	 "diff OLD NEW      Two editions by what they mean: rules that came and went, points, action, status, conditions by node, entries of lists, sets and macros in full;\n"
	 "                  what a shared set, macro or band reaches; order, layout and comments make no difference. 1 when they differ.\n"
	 "backtest PACK...  What PACK would have made of the history of --over, beside the configured rules (or those of --against): alerts by lane, each rule\n"
	 "                  fired, alone, together with others and what it was worth, pairs that fire together, who enters and leaves the first --capacity of\n"
	 "                  a day and why, and, where the history has outcomes of inspections, how many were found, with intervals. PACK is all of the\n"
	 "                  new edition: rules that it lacks are gone in it. History is kept in memory, once for both; with --from and --to the events of\n"
	 "                  another time are history alone. --over topic:NAME reads an input topic where it lies, oldest message first, joining no\n"
	 "                  group; with @TIME from what the log has from then on. --html also writes one page that needs nothing else.\n"
	 "explain RULE EVENT  The rule's conditions on one event, each true or false with the value that it saw, of every element. RULE is an id or a file;\n"
	 "                  EVENT is a file of one JSON object, or of one a line: the last is asked about, those before are its history. 1: it does not fire.\n"
	 "explain ALERT EVENTS  The same of every rule that gave the alert its reasons. ALERT is a file of alerts: its last, or FILE#ID, an alert's id or a\n"
	 "                  consignment's; EVENTS holds the event that raised it and what came before. 1: a reason would not stand today.\n"
	 "fields [FAMILY]   Every path that a rule may name, with what stands there: of manifest, certificate, marking, outcome or decision, or of all.\n"
	 "codes             The table of those codes, as Markdown.\n"
	 "keygen NAME       A pair of Ed25519 keys as PEM: NAME.key, private, and NAME.pub. Neither is ever written over.\n"
	 "sign PACK         Adds the signature of --key to PACK.signatures: over the path and SHA-256 of every file that a load of the pack reads. Signatures of\n"
	 "                  other contents are dropped.\n"
	 "verify [PACKS]    Are they what was signed, by the keys of rules.signers and as many as rules.signatures asks for? Or by --key alone. 65 when not.\n"
	 "Exit: 0 good, or warnings alone; 64 usage, 1 fmt --check would change a file, coverage is below --min, editions differ, or the rule does not fire, 65 rules that are wrong, 66 no such file, 78 configuration.",
	 {{TW_OPTION_FORMAT, "--format", "WORD", "lint: text, json or github; docs: markdown or html; backtest: table or json"},
	  {TW_OPTION_OVER, "--over", "FILE", "backtest: events as `screen` reads them (- is standard input), or topic:NAME[@TIME]; may be repeated"},
	  {TW_OPTION_AGAINST, "--against", "PATH", "backtest: the edition before, instead of the configured rules; may be repeated"},
	  {TW_OPTION_FROM, "--from", "TIME", "backtest: judge events from this day or instant on"},
	  {TW_OPTION_TO, "--to", "TIME", "backtest: judge events before this day or instant"},
	  {TW_OPTION_TOPIC, "--topic", "NAME", "backtest: lines are bare events of this input topic"},
	  {TW_OPTION_CAPACITY, "--capacity", "N", "backtest: as many as can be opened a day"},
	  {TW_OPTION_HTML, "--html", "FILE", "backtest: also one page with plots"},
	  {TW_OPTION_RULE, "--rule", "ID", "test, docs, coverage: this rule alone"},
	  {TW_OPTION_MIN, "--min", "PERCENT", "coverage: the least that is enough"},
	  {TW_OPTION_KEY, "--key", "FILE", "sign: the private key; verify: the public key that must have signed"},
	  {TW_OPTION_CHECK, "--check", NULL, "fmt: only say what would change"},
	  {TW_OPTION_JSON, "--json", NULL, "test, coverage, diff, explain: JSON objects, one a line"},
	  {TW_OPTION_QUIET, "--quiet", NULL, "no summary"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"config", "show|table|metrics", "Print the settings in force as YAML (show), what can be set (table), or the metrics of metrics.path (metrics) as Markdown.", NULL,
	 {{TW_OPTION_REDACT, "--redact", NULL, "hide passwords and keys"}, CONFIG_OPTIONS, HELP_OPTION}},
	{"version", "", "Print the version.", NULL, {HELP_OPTION}},
	{"help", "[COMMAND]", "Explain a command; `help settings` lists all settings.", NULL, {HELP_OPTION}},
};
/* clang-format on */
