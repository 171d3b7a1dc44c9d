/**
 * @file name_words.c
 * Tables only; see name_words.h. Every table is sorted by word and found by bisection.
 * Sources: opensanctions/rigour (MIT), org_types and stopwords, for most company forms and stop words; abbreviations: those in common use
 * in manifests and company registers.
 */
#include "feeds/name_words.h"

#include <pthread.h>

#include "feeds/word_table.h"

struct form {
	struct tw_slice word;
	uint32_t uses;
	struct tw_slice kind;
};

struct pair {
	struct tw_slice word;
	struct tw_slice means;
};

enum stop_in { STOP_PERSON = 1 << 0, STOP_ORGANISATION = 1 << 1, STOP_VESSEL = 1 << 2, STOP_ANY = 7 };

struct stop {
	struct tw_slice word;
	uint32_t domains;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

/* Sorted by word: found by bisection. Folded spelling; "S.A." arrives here as "sa".
 * Source: opensanctions/rigour, org_types (MIT), for most; the others are national forms in common use (ASA in Norway, SAL in Lebanon, WLL
 * and EST in the Gulf, PVT in South Asia, PJS in Iran, SAC and SAA in Peru, EAD and EOOD in Bulgaria). The kinds are the generic forms of the same
 * table, made fewer. */
static const struct form forms[] = {
    {WORD("ab"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ad"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ag"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiebolag"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiengesellschaft"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("aps"), TW_FORM_LAST, WORD("llc")},
    {WORD("as"), TW_FORM_LAST, WORD("jsc")},
    {WORD("asa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("bhd"), TW_FORM_LAST, WORD("llc")},
    {WORD("bt"), TW_FORM_LAST, WORD("lp")},
    {WORD("bv"), TW_FORM_LAST, WORD("llc")},
    {WORD("bvba"), TW_FORM_LAST, WORD("llc")},
    {WORD("ca"), TW_FORM_LAST, WORD("ca")},
    {WORD("cia"), TW_FORM_LAST | TW_FORM_ENDS, WORD("co")},
    {WORD("cie"), TW_FORM_LAST | TW_FORM_ENDS, WORD("co")},
    {WORD("cjsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("co"), TW_FORM_LAST | TW_FORM_ENDS, WORD("co")},
    {WORD("company"), TW_FORM_LAST | TW_FORM_ENDS, WORD("co")},
    {WORD("corp"), TW_FORM_LAST, WORD("corp")},
    {WORD("corporation"), TW_FORM_LAST, WORD("corp")},
    {WORD("cv"), TW_FORM_LAST | TW_FORM_ENDS, WORD("lp")},
    {WORD("dd"), TW_FORM_LAST, WORD("jsc")},
    {WORD("dmcc"), TW_FORM_LAST, WORD("fz")},
    {WORD("doo"), TW_FORM_LAST, WORD("llc")},
    {WORD("ead"), TW_FORM_LAST, WORD("jsc")},
    {WORD("eirl"), TW_FORM_LAST, WORD("llc")},
    {WORD("eood"), TW_FORM_LAST, WORD("llc")},
    {WORD("est"), TW_FORM_LAST, WORD("est")},
    {WORD("establishment"), TW_FORM_LAST, WORD("est")},
    {WORD("eurl"), TW_FORM_LAST | TW_FORM_FIRST, WORD("llc")},
    {WORD("fz"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzc"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzco"), TW_FORM_LAST, WORD("fz")},
    {WORD("fze"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzllc"), TW_FORM_LAST, WORD("llc")},
    {WORD("gesmbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("gmbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("hf"), TW_FORM_LAST, WORD("jsc")},
    {WORD("inc"), TW_FORM_LAST, WORD("corp")},
    {WORD("incorporated"), TW_FORM_LAST, WORD("corp")},
    {WORD("jsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("kft"), TW_FORM_LAST, WORD("llc")},
    {WORD("kg"), TW_FORM_LAST, WORD("lp")},
    {WORD("kgaa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("kk"), TW_FORM_LAST, WORD("jsc")},
    {WORD("lda"), TW_FORM_LAST, WORD("llc")},
    {WORD("limitada"), TW_FORM_LAST, WORD("llc")},
    {WORD("limited"), TW_FORM_LAST, WORD("llc")},
    {WORD("limitee"), TW_FORM_LAST, WORD("llc")},
    {WORD("llc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("llp"), TW_FORM_LAST, WORD("lp")},
    {WORD("lp"), TW_FORM_LAST, WORD("lp")},
    {WORD("ltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("ltda"), TW_FORM_LAST, WORD("llc")},
    {WORD("ltee"), TW_FORM_LAST, WORD("llc")},
    {WORD("mbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("nv"), TW_FORM_LAST, WORD("jsc")},
    {WORD("oao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("ohg"), TW_FORM_LAST, WORD("lp")},
    {WORD("ojsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("oo"), TW_FORM_ENDS, WORD("llc")},
    {WORD("ood"), TW_FORM_LAST, WORD("llc")},
    {WORD("ooo"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("oy"), TW_FORM_LAST, WORD("llc")},
    {WORD("oyj"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("partnership"), TW_FORM_ENDS, WORD("lp")},
    {WORD("pjs"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pjsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("plc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("private"), TW_FORM_LAST, WORD("llc")},
    {WORD("pt"), TW_FORM_FIRST, WORD("jsc")},
    {WORD("pte"), TW_FORM_LAST, WORD("llc")},
    {WORD("pty"), TW_FORM_LAST, WORD("llc")},
    {WORD("pvt"), TW_FORM_LAST, WORD("llc")},
    {WORD("qsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("rl"), TW_FORM_ENDS, WORD("llc")},
    {WORD("ro"), TW_FORM_ENDS, WORD("llc")},
    {WORD("sa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("saa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sac"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sae"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sak"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sal"), TW_FORM_LAST, WORD("jsc")},
    {WORD("san"), TW_FORM_LAST, WORD("tic")},
    {WORD("sanayi"), TW_FORM_LAST, WORD("tic")},
    {WORD("sarl"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("sas"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sasu"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sdn"), TW_FORM_LAST, WORD("llc")},
    {WORD("sirketi"), TW_FORM_LAST, WORD("llc")},
    {WORD("sl"), TW_FORM_LAST, WORD("llc")},
    {WORD("slu"), TW_FORM_LAST, WORD("llc")},
    {WORD("snc"), TW_FORM_LAST, WORD("lp")},
    {WORD("spa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sprl"), TW_FORM_LAST, WORD("llc")},
    {WORD("srl"), TW_FORM_LAST, WORD("llc")},
    {WORD("sro"), TW_FORM_LAST | TW_FORM_ENDS, WORD("llc")},
    {WORD("sti"), TW_FORM_LAST, WORD("llc")},
    {WORD("tic"), TW_FORM_LAST | TW_FORM_ENDS, WORD("tic")},
    {WORD("ticaret"), TW_FORM_LAST | TW_FORM_ENDS, WORD("tic")},
    {WORD("tov"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("uab"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("ug"), TW_FORM_LAST, WORD("llc")},
    {WORD("ulc"), TW_FORM_LAST, WORD("llc")},
    {WORD("wll"), TW_FORM_LAST, WORD("llc")},
    {WORD("zao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("zoo"), TW_FORM_ENDS, WORD("llc")},
    {WORD("zrt"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("зао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("оао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("ооо"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("пао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("тоо"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
};

/* Longer before shorter where one ends another. Same source. */
const struct tw_name_phrase tw_name_phrases[TW_NAME_PHRASES] = {
    {WORD("public joint stock company"), WORD("jsc")},
    {WORD("open joint stock company"), WORD("jsc")},
    {WORD("closed joint stock company"), WORD("jsc")},
    {WORD("private joint stock company"), WORD("jsc")},
    {WORD("joint stock company"), WORD("jsc")},
    {WORD("limited liability company"), WORD("llc")},
    {WORD("limited liability partnership"), WORD("lp")},
    {WORD("limited partnership"), WORD("lp")},
    {WORD("free zone company"), WORD("fz")},
    {WORD("s de rl de cv"), WORD("llc")},
    {WORD("sa de cv"), WORD("jsc")},
    {WORD("sab de cv"), WORD("jsc")},
    {WORD("sapi de cv"), WORD("jsc")},
    {WORD("s de rl"), WORD("llc")},
    {WORD("sp zoo"), WORD("llc")},
    {WORD("sp z oo"), WORD("llc")},
    {WORD("spol sro"), WORD("llc")},
    {WORD("spol s ro"), WORD("llc")},
    {WORD("and company"), WORD("co")},
    {WORD("and co"), WORD("co")},
    {WORD("und co"), WORD("co")},
    {WORD("et cie"), WORD("co")},
    {WORD("y cia"), WORD("co")},
    {WORD("e cia"), WORD("co")},
    {WORD("ve tic"), WORD("tic")},
    {WORD("ve ticaret"), WORD("tic")},
};

static const struct stop stops[] = {
    {WORD("a"), STOP_ANY},
    {WORD("abd"), STOP_PERSON},
    {WORD("abu"), STOP_PERSON},
    {WORD("ad"), STOP_ANY},
    {WORD("al"), STOP_ANY},
    {WORD("an"), STOP_ANY},
    {WORD("and"), STOP_ANY},
    {WORD("ar"), STOP_ANY},
    {WORD("as"), STOP_ANY},
    {WORD("at"), STOP_ANY},
    {WORD("ben"), STOP_PERSON},
    {WORD("bin"), STOP_PERSON},
    {WORD("bint"), STOP_PERSON},
    {WORD("by"), STOP_ORGANISATION},
    {WORD("da"), STOP_ANY},
    {WORD("das"), STOP_ANY},
    {WORD("de"), STOP_ANY},
    {WORD("del"), STOP_ANY},
    {WORD("den"), STOP_ANY},
    {WORD("der"), STOP_ANY},
    {WORD("des"), STOP_ANY},
    {WORD("di"), STOP_ANY},
    {WORD("do"), STOP_ANY},
    {WORD("dos"), STOP_ANY},
    {WORD("dr"), STOP_PERSON},
    {WORD("du"), STOP_ANY},
    {WORD("e"), STOP_ANY},
    {WORD("el"), STOP_ANY},
    {WORD("et"), STOP_ANY},
    {WORD("for"), STOP_ANY},
    {WORD("haji"), STOP_PERSON},
    {WORD("hajji"), STOP_PERSON},
    {WORD("i"), STOP_ANY},
    {WORD("ibn"), STOP_PERSON},
    {WORD("in"), STOP_ANY},
    {WORD("la"), STOP_ANY},
    {WORD("le"), STOP_ANY},
    {WORD("les"), STOP_ANY},
    {WORD("los"), STOP_ANY},
    {WORD("maulavi"), STOP_PERSON},
    {WORD("mawlawi"), STOP_PERSON},
    {WORD("mr"), STOP_PERSON},
    {WORD("mrs"), STOP_PERSON},
    {WORD("ms"), STOP_PERSON},
    {WORD("mullah"), STOP_PERSON},
    {WORD("of"), STOP_ANY},
    {WORD("oglu"), STOP_PERSON},
    {WORD("ogly"), STOP_PERSON},
    {WORD("on"), STOP_ORGANISATION},
    {WORD("ould"), STOP_PERSON},
    {WORD("prof"), STOP_PERSON},
    {WORD("shaykh"), STOP_PERSON},
    {WORD("sheikh"), STOP_PERSON},
    {WORD("the"), STOP_ANY},
    {WORD("to"), STOP_ORGANISATION},
    {WORD("ul"), STOP_ANY},
    {WORD("und"), STOP_ANY},
    {WORD("van"), STOP_PERSON},
    {WORD("ve"), STOP_ORGANISATION},
    {WORD("von"), STOP_PERSON},
    {WORD("with"), STOP_ORGANISATION},
    {WORD("y"), STOP_ANY},
    {WORD("zu"), STOP_PERSON},
};

static const struct pair abbreviations[] = {
    {WORD("assn"), WORD("association")},
    {WORD("assoc"), WORD("association")},
    {WORD("bros"), WORD("brothers")},
    {WORD("centre"), WORD("center")},
    {WORD("chem"), WORD("chemical")},
    {WORD("chems"), WORD("chemicals")},
    {WORD("const"), WORD("construction")},
    {WORD("constr"), WORD("construction")},
    {WORD("ctr"), WORD("center")},
    {WORD("dept"), WORD("department")},
    {WORD("dev"), WORD("development")},
    {WORD("devt"), WORD("development")},
    {WORD("dist"), WORD("distribution")},
    {WORD("distr"), WORD("distribution")},
    {WORD("elec"), WORD("electronics")},
    {WORD("electr"), WORD("electronics")},
    {WORD("eng"), WORD("engineering")},
    {WORD("engg"), WORD("engineering")},
    {WORD("engr"), WORD("engineering")},
    {WORD("ent"), WORD("enterprise")},
    {WORD("equip"), WORD("equipment")},
    {WORD("exp"), WORD("export")},
    {WORD("fwd"), WORD("forwarding")},
    {WORD("fwdg"), WORD("forwarding")},
    {WORD("gen"), WORD("general")},
    {WORD("govt"), WORD("government")},
    {WORD("gp"), WORD("group")},
    {WORD("grp"), WORD("group")},
    {WORD("hldg"), WORD("holding")},
    {WORD("hldgs"), WORD("holdings")},
    {WORD("imp"), WORD("import")},
    {WORD("impex"), WORD("importexport")},
    {WORD("ind"), WORD("industries")},
    {WORD("inds"), WORD("industries")},
    {WORD("indus"), WORD("industries")},
    {WORD("inst"), WORD("institute")},
    {WORD("int"), WORD("international")},
    {WORD("intl"), WORD("international")},
    {WORD("inv"), WORD("investment")},
    {WORD("invest"), WORD("investment")},
    {WORD("lab"), WORD("laboratory")},
    {WORD("labs"), WORD("laboratories")},
    {WORD("log"), WORD("logistics")},
    {WORD("mach"), WORD("machinery")},
    {WORD("mar"), WORD("marine")},
    {WORD("mfg"), WORD("manufacturing")},
    {WORD("mfr"), WORD("manufacturer")},
    {WORD("mgmt"), WORD("management")},
    {WORD("mktg"), WORD("marketing")},
    {WORD("natl"), WORD("national")},
    {WORD("nav"), WORD("navigation")},
    {WORD("org"), WORD("organization")},
    {WORD("organisation"), WORD("organization")},
    {WORD("petro"), WORD("petroleum")},
    {WORD("pharm"), WORD("pharmaceutical")},
    {WORD("pharma"), WORD("pharmaceutical")},
    {WORD("res"), WORD("research")},
    {WORD("sci"), WORD("science")},
    {WORD("serv"), WORD("services")},
    {WORD("shp"), WORD("shipping")},
    {WORD("shpg"), WORD("shipping")},
    {WORD("svc"), WORD("service")},
    {WORD("svcs"), WORD("services")},
    {WORD("tech"), WORD("technology")},
    {WORD("technol"), WORD("technology")},
    {WORD("trans"), WORD("transport")},
    {WORD("transp"), WORD("transport")},
    {WORD("trd"), WORD("trading")},
    {WORD("trdg"), WORD("trading")},
    {WORD("univ"), WORD("university")},
};

/* Source: usual prefixes of ships' names in manifests (motor vessel, motor tanker, motor ship, steam ship). */
static const char *const ship_prefixes[] = {"mv", "mt", "ms", "ss"};

static struct tw_word_table form_table = TW_WORD_TABLE(forms);
static struct tw_word_table stop_table = TW_WORD_TABLE(stops);
static struct tw_word_table abbreviation_table = TW_WORD_TABLE(abbreviations);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_tables(void)
{
	tw_word_table_open(&form_table);
	tw_word_table_open(&stop_table);
	tw_word_table_open(&abbreviation_table);
}

static const void *find(const struct tw_word_table *table, struct tw_slice word)
{
	pthread_once(&opened, open_tables);
	return tw_word_find(table, word);
}

uint32_t tw_name_form_uses(struct tw_slice word)
{
	const struct form *form = find(&form_table, word);
	return form ? form->uses : 0;
}

struct tw_slice tw_name_form_kind(struct tw_slice word)
{
	const struct form *form = find(&form_table, word);
	return form ? form->kind : word;
}

/* Source: Damerau, CACM 7 (1964): four of five misspellings are one such slip. */
bool tw_name_is_nearly(struct tw_slice word, struct tw_slice known)
{
	uint32_t head = 0, left = word.len, right = known.len;
	if (left > right + 1 || right > left + 1) {
		return false;
	}
	while (head < left && head < right && word.ptr[head] == known.ptr[head]) {
		head++;
	}
	while (left > head && right > head && word.ptr[left - 1] == known.ptr[right - 1]) {
		left--;
		right--;
	}
	const char *a = word.ptr + head, *b = known.ptr + head;
	bool swapped = left - head == 2 && right - head == 2 && a[0] == b[1] && a[1] == b[0];
	return swapped || (left - head <= 1 && right - head <= 1);
}

/* Words so long that one slip makes no other word of them. */
struct tw_slice tw_name_form_mended(struct tw_slice word)
{
	static const struct tw_slice known[] = {WORD("company"),   WORD("corporation"), WORD("establishment"), WORD("incorporated"),
	                                        WORD("liability"), WORD("limited"),     WORD("partnership")};
	for (size_t i = 0; word.len > 5 && i < sizeof(known) / sizeof(known[0]); i++) {
		if (tw_name_is_nearly(word, known[i])) {
			return known[i];
		}
	}
	return word;
}

bool tw_name_is_stop(struct tw_slice word, enum tw_name_domain domain)
{
	static const uint32_t in_domain[] = {0, STOP_PERSON, STOP_ORGANISATION, STOP_VESSEL, STOP_VESSEL};
	const struct stop *stop = find(&stop_table, word);
	return stop && (stop->domains & in_domain[domain]);
}

struct tw_slice tw_name_unabbreviated(struct tw_slice word)
{
	const struct pair *pair = find(&abbreviation_table, word);
	return pair ? pair->means : word;
}

bool tw_name_is_ship_prefix(struct tw_slice word)
{
	for (size_t i = 0; i < sizeof(ship_prefixes) / sizeof(ship_prefixes[0]); i++) {
		if (tw_slice_is(word, ship_prefixes[i])) {
			return true;
		}
	}
	return false;
}
