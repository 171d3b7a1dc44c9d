/**
 * @file name_words.c
 * Tables only; see name_words.h. Every table is sorted by word and found by bisection.
 * Sources: opensanctions/rigour (MIT), stopwords, for most stop words; abbreviations and words of trade: those in common use in manifests and company
 * registers, the latter in the languages that the lists' companies are named in.
 */
#include "feeds/name_words.h"

#include <pthread.h>

#include "feeds/word_table.h"

struct pair {
	struct tw_slice word;
	struct tw_slice means;
};

struct plain_word {
	struct tw_slice word;
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

/* Words that a firm may add, leave out or change without another name: what it does and what it is, not what it is called. */
static const struct plain_word trades[] = {
    {WORD("agencies")},
    {WORD("agency")},
    {WORD("agro")},
    {WORD("airlines")},
    {WORD("airways")},
    {WORD("appliances")},
    {WORD("associates")},
    {WORD("association")},
    {WORD("auto")},
    {WORD("automation")},
    {WORD("automotive")},
    {WORD("aviation")},
    {WORD("bank")},
    {WORD("bazargani")},
    {WORD("branch")},
    {WORD("brothers")},
    {WORD("building")},
    {WORD("bureau")},
    {WORD("business")},
    {WORD("cargo")},
    {WORD("carriers")},
    {WORD("center")},
    {WORD("chemical")},
    {WORD("chemicals")},
    {WORD("chimie")},
    {WORD("club")},
    {WORD("comercial")},
    {WORD("comercializadora")},
    {WORD("comercio")},
    {WORD("commerce")},
    {WORD("commercial")},
    {WORD("commodities")},
    {WORD("communication")},
    {WORD("communications")},
    {WORD("complex")},
    {WORD("components")},
    {WORD("computer")},
    {WORD("computers")},
    {WORD("concern")},
    {WORD("construction")},
    {WORD("constructions")},
    {WORD("consult")},
    {WORD("consultancy")},
    {WORD("consultants")},
    {WORD("consulting")},
    {WORD("contracting")},
    {WORD("contractors")},
    {WORD("control")},
    {WORD("cooperation")},
    {WORD("cooperative")},
    {WORD("council")},
    {WORD("department")},
    {WORD("design")},
    {WORD("development")},
    {WORD("dis")},
    {WORD("distribuidora")},
    {WORD("distribution")},
    {WORD("distributors")},
    {WORD("electric")},
    {WORD("electrical")},
    {WORD("electronic")},
    {WORD("electronics")},
    {WORD("empresa")},
    {WORD("energia")},
    {WORD("energy")},
    {WORD("engineering")},
    {WORD("engineers")},
    {WORD("enterprise")},
    {WORD("enterprises")},
    {WORD("entreprise")},
    {WORD("equipment")},
    {WORD("equipments")},
    {WORD("establishments")},
    {WORD("etablissements")},
    {WORD("exchange")},
    {WORD("exim")},
    {WORD("expert")},
    {WORD("export")},
    {WORD("exportadora")},
    {WORD("exporters")},
    {WORD("exports")},
    {WORD("express")},
    {WORD("fabrika")},
    {WORD("factory")},
    {WORD("finance")},
    {WORD("financial")},
    {WORD("fishing")},
    {WORD("food")},
    {WORD("foods")},
    {WORD("forwarders")},
    {WORD("forwarding")},
    {WORD("foundation")},
    {WORD("freight")},
    {WORD("fuel")},
    {WORD("gas")},
    {WORD("general")},
    {WORD("generale")},
    {WORD("gida")},
    {WORD("global")},
    {WORD("gongsi")},
    {WORD("group")},
    {WORD("groupe")},
    {WORD("grupo")},
    {WORD("gruppa")},
    {WORD("gulf")},
    {WORD("handel")},
    {WORD("handels")},
    {WORD("handelsgesellschaft")},
    {WORD("holding")},
    {WORD("holdings")},
    {WORD("hospital")},
    {WORD("hotel")},
    {WORD("house")},
    {WORD("ihracat")},
    {WORD("import")},
    {WORD("importadora")},
    {WORD("importers")},
    {WORD("importexport")},
    {WORD("imports")},
    {WORD("industria")},
    {WORD("industrial")},
    {WORD("industrias")},
    {WORD("industrie")},
    {WORD("industries")},
    {WORD("industry")},
    {WORD("ingenieria")},
    {WORD("insaat")},
    {WORD("institute")},
    {WORD("instruments")},
    {WORD("insurance")},
    {WORD("internacional")},
    {WORD("international")},
    {WORD("internationale")},
    {WORD("inversiones")},
    {WORD("investment")},
    {WORD("investments")},
    {WORD("ithalat")},
    {WORD("jewelry")},
    {WORD("kargo")},
    {WORD("keji")},
    {WORD("kompaniya")},
    {WORD("laboratories")},
    {WORD("laboratory")},
    {WORD("leasing")},
    {WORD("lines")},
    {WORD("logistics")},
    {WORD("logistik")},
    {WORD("logistika")},
    {WORD("lojistik")},
    {WORD("machine")},
    {WORD("machinery")},
    {WORD("machines")},
    {WORD("makina")},
    {WORD("management")},
    {WORD("manufacturer")},
    {WORD("manufacturers")},
    {WORD("manufacturing")},
    {WORD("maoyi")},
    {WORD("marine")},
    {WORD("maritime")},
    {WORD("market")},
    {WORD("marketing")},
    {WORD("markets")},
    {WORD("materials")},
    {WORD("medical")},
    {WORD("metal")},
    {WORD("metals")},
    {WORD("minerals")},
    {WORD("mining")},
    {WORD("money")},
    {WORD("motors")},
    {WORD("nakliyat")},
    {WORD("nakliye")},
    {WORD("national")},
    {WORD("navigation")},
    {WORD("office")},
    {WORD("offices")},
    {WORD("oil")},
    {WORD("operations")},
    {WORD("organization")},
    {WORD("otomotiv")},
    {WORD("overseas")},
    {WORD("partners")},
    {WORD("parts")},
    {WORD("pazarlama")},
    {WORD("petrochemical")},
    {WORD("petroleum")},
    {WORD("pharmaceutical")},
    {WORD("pharmaceuticals")},
    {WORD("plant")},
    {WORD("power")},
    {WORD("predpriyatie")},
    {WORD("procurement")},
    {WORD("product")},
    {WORD("production")},
    {WORD("productions")},
    {WORD("products")},
    {WORD("project")},
    {WORD("projects")},
    {WORD("promotion")},
    {WORD("properties")},
    {WORD("property")},
    {WORD("purchase")},
    {WORD("raffinerie")},
    {WORD("real")},
    {WORD("refinery")},
    {WORD("regional")},
    {WORD("repair")},
    {WORD("representative")},
    {WORD("research")},
    {WORD("resources")},
    {WORD("retail")},
    {WORD("sales")},
    {WORD("sanat")},
    {WORD("science")},
    {WORD("scientific")},
    {WORD("security")},
    {WORD("service")},
    {WORD("services")},
    {WORD("servicios")},
    {WORD("servis")},
    {WORD("sharikat")},
    {WORD("shipping")},
    {WORD("shirkat")},
    {WORD("shirkatu")},
    {WORD("shop")},
    {WORD("sociedad")},
    {WORD("societa")},
    {WORD("societe")},
    {WORD("software")},
    {WORD("solution")},
    {WORD("solutions")},
    {WORD("sons")},
    {WORD("spare")},
    {WORD("special")},
    {WORD("specialized")},
    {WORD("steel")},
    {WORD("store")},
    {WORD("stores")},
    {WORD("studio")},
    {WORD("supplies")},
    {WORD("supply")},
    {WORD("system")},
    {WORD("systems")},
    {WORD("technic")},
    {WORD("technical")},
    {WORD("technics")},
    {WORD("techno")},
    {WORD("technologies")},
    {WORD("technology")},
    {WORD("tecnologia")},
    {WORD("teknik")},
    {WORD("teknoloji")},
    {WORD("tekstil")},
    {WORD("telecom")},
    {WORD("telecommunication")},
    {WORD("telecommunications")},
    {WORD("textile")},
    {WORD("textiles")},
    {WORD("tools")},
    {WORD("torg")},
    {WORD("torgovaya")},
    {WORD("torgovy")},
    {WORD("tourism")},
    {WORD("trade")},
    {WORD("traders")},
    {WORD("trading")},
    {WORD("trans")},
    {WORD("transit")},
    {WORD("transport")},
    {WORD("transportation")},
    {WORD("transportes")},
    {WORD("transports")},
    {WORD("travel")},
    {WORD("turizm")},
    {WORD("union")},
    {WORD("university")},
    {WORD("utilities")},
    {WORD("vehicles")},
    {WORD("venture")},
    {WORD("ventures")},
    {WORD("verwaltungs")},
    {WORD("warehouse")},
    {WORD("wholesale")},
    {WORD("works")},
    {WORD("workshop")},
    {WORD("world")},
    {WORD("worldwide")},
    {WORD("yatirim")},
    {WORD("zavod")},
};

/* Source: usual prefixes of ships' names in manifests (motor vessel, motor tanker, motor ship, steam ship). */
static const char *const ship_prefixes[] = {"mv", "mt", "ms", "ss"};

static struct tw_word_table stop_table = TW_WORD_TABLE(stops);
static struct tw_word_table abbreviation_table = TW_WORD_TABLE(abbreviations);
static struct tw_word_table trade_table = TW_WORD_TABLE(trades);
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static void open_tables(void)
{
	tw_word_table_open(&stop_table);
	tw_word_table_open(&abbreviation_table);
	tw_word_table_open(&trade_table);
}

static const void *find(const struct tw_word_table *table, struct tw_slice word)
{
	pthread_once(&opened, open_tables);
	return tw_word_find(table, word);
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

/* Source: endings of patronymics in Russian, Ukrainian, Belarusian, by the usual romanisations and as name_spelling.h has them. A surname may end so
 * too (Abramovich): it weighs less, and is compared all the same. */
static bool is_patronymic(struct tw_slice word)
{
	static const struct tw_slice endings[] = {WORD("ovich"), WORD("evich"), WORD("ovych"), WORD("evych"), WORD("yovych"),
	                                          WORD("ovna"),  WORD("evna"),  WORD("ivna"),  WORD("ouna"),  WORD("auna")};
	for (size_t i = 0; word.len && (word.ptr[word.len - 1] == 'h' || word.ptr[word.len - 1] == 'a') && i < sizeof(endings) / sizeof(endings[0]);
	     i++) {
		uint32_t length = endings[i].len;
		if (word.len > length + 1 && memcmp(word.ptr + word.len - length, endings[i].ptr, length) == 0) {
			return true;
		}
	}
	return false;
}

bool tw_name_is_minor(struct tw_slice word, enum tw_name_domain domain)
{
	switch (domain) {
	case TW_NAME_OF_PERSON:
		return is_patronymic(word);
	case TW_NAME_OF_ORGANISATION:
		return find(&trade_table, word) != NULL;
	case TW_NAME_OF_VESSEL:
	case TW_NAME_OF_AIRCRAFT:
		return false;
	}
	return false;
}

struct tw_slice tw_name_ship_number(struct tw_slice word, bool last)
{
	static const struct tw_slice roman[] = {WORD("i"),  WORD("ii"),  WORD("iii"),  WORD("iv"), WORD("v"),
	                                        WORD("vi"), WORD("vii"), WORD("viii"), WORD("ix"), WORD("x")};
	static const struct tw_slice spoken[] = {WORD("one"), WORD("two"),   WORD("three"), WORD("four"), WORD("five"),
	                                         WORD("six"), WORD("seven"), WORD("eight"), WORD("nine"), WORD("ten")};
	static const struct tw_slice digits[] = {WORD("1"), WORD("2"), WORD("3"), WORD("4"), WORD("5"),
	                                         WORD("6"), WORD("7"), WORD("8"), WORD("9"), WORD("10")};
	while (word.len > 1 && word.ptr[0] == '0') {
		word.ptr++;
		word.len--;
	}
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		if (tw_slice_equal(word, roman[i]) || (last && tw_slice_equal(word, spoken[i]))) {
			return digits[i];
		}
	}
	return word;
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
