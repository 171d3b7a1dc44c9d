/**
 * @file name_spelling.c
 * Two steps: a table of given names whose spellings are further apart than rules reach (Erik and Eric, Viktor and Victor among them), then
 * rules on letters, applied once from left to right to any word. The rules are ours, stated here in full; they are the letters on which the usual
 * romanisations of Arabic (BGN/PCGN, French, Egyptian, Turkish use) and of Russian (BGN/PCGN, ICAO 9303, GOST, French and German use) part.
 *
 *     letters    aa a  oo u  ou u  ee i  ph f  q k  kh h  gh g  dh d  ck k  x ks  tz ts  doubled letters single
 *     Russian    iu yu  ia ya  io yo  tsch ch  tch ch  -off -ov  -eff -ev  -iy -yy -ii -ij -y i   -vych -vitj -vich   ye- e
 *     Russian    yo e between consonants; patronymics by the family of the father's name, Ukrainian and Belarusian ones as Russian
 *     Arabic     -ah -a   -eh -a
 */
#include "feeds/name_spelling.h"

#include <pthread.h>

#include "feeds/word_table.h"

#define WORD_MAX           31
#define FATHER_LETTERS_MIN 3

struct pair {
	struct tw_slice from;
	struct tw_slice to;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

/* Sorted. Common given names and their common spellings: the project's own table, from no published one. */
static const struct pair families[] = {
    {WORD("abdal"), WORD("abdul")},
    {WORD("abdalla"), WORD("abdullah")},
    {WORD("abdallah"), WORD("abdullah")},
    {WORD("abdel"), WORD("abdul")},
    {WORD("abdil"), WORD("abdul")},
    {WORD("abdol"), WORD("abdul")},
    {WORD("abdollah"), WORD("abdullah")},
    {WORD("abdool"), WORD("abdul")},
    {WORD("abdoul"), WORD("abdul")},
    {WORD("abdoulaye"), WORD("abdullah")},
    {WORD("abdoullah"), WORD("abdullah")},
    {WORD("abdulla"), WORD("abdullah")},
    {WORD("abdur"), WORD("abdul")},
    {WORD("abdus"), WORD("abdul")},
    {WORD("ahmat"), WORD("ahmad")},
    {WORD("ahmed"), WORD("ahmad")},
    {WORD("ahmet"), WORD("ahmad")},
    {WORD("aicha"), WORD("aisha")},
    {WORD("aksana"), WORD("oksana")},
    {WORD("aleh"), WORD("oleg")},
    {WORD("aleksander"), WORD("alexander")},
    {WORD("aleksandr"), WORD("alexander")},
    {WORD("aleksei"), WORD("alexei")},
    {WORD("aleksej"), WORD("alexei")},
    {WORD("aleksey"), WORD("alexei")},
    {WORD("aleksy"), WORD("alexei")},
    {WORD("alena"), WORD("yelena")},
    {WORD("alexandr"), WORD("alexander")},
    {WORD("alexandre"), WORD("alexander")},
    {WORD("alexej"), WORD("alexei")},
    {WORD("alexey"), WORD("alexei")},
    {WORD("aliaksandr"), WORD("alexander")},
    {WORD("aliaksei"), WORD("alexei")},
    {WORD("aliaksey"), WORD("alexei")},
    {WORD("aliona"), WORD("yelena")},
    {WORD("aljaksandr"), WORD("alexander")},
    {WORD("aly"), WORD("ali")},
    {WORD("alyaksandr"), WORD("alexander")},
    {WORD("alyaksei"), WORD("alexei")},
    {WORD("anastasiia"), WORD("anastasia")},
    {WORD("anastasija"), WORD("anastasia")},
    {WORD("anastasiya"), WORD("anastasia")},
    {WORD("anatol"), WORD("anatoli")},
    {WORD("anatolii"), WORD("anatoli")},
    {WORD("anatolij"), WORD("anatoli")},
    {WORD("anatoliy"), WORD("anatoli")},
    {WORD("anatoly"), WORD("anatoli")},
    {WORD("andrej"), WORD("andrei")},
    {WORD("andrey"), WORD("andrei")},
    {WORD("andriei"), WORD("andrei")},
    {WORD("andrii"), WORD("andrei")},
    {WORD("andrij"), WORD("andrei")},
    {WORD("andriy"), WORD("andrei")},
    {WORD("andry"), WORD("andrei")},
    {WORD("arkadii"), WORD("arkadi")},
    {WORD("arkadij"), WORD("arkadi")},
    {WORD("arkadiy"), WORD("arkadi")},
    {WORD("arkady"), WORD("arkadi")},
    {WORD("arkadz"), WORD("arkadi")},
    {WORD("artiom"), WORD("artem")},
    {WORD("artjom"), WORD("artem")},
    {WORD("artsem"), WORD("artem")},
    {WORD("artsiom"), WORD("artem")},
    {WORD("artyom"), WORD("artem")},
    {WORD("ayesha"), WORD("aisha")},
    {WORD("aysha"), WORD("aisha")},
    {WORD("bahdan"), WORD("bogdan")},
    {WORD("barys"), WORD("boris")},
    {WORD("bohdan"), WORD("bogdan")},
    {WORD("borys"), WORD("boris")},
    {WORD("brahim"), WORD("ibrahim")},
    {WORD("carl"), WORD("karl")},
    {WORD("caspar"), WORD("kaspar")},
    {WORD("catarina"), WORD("katarina")},
    {WORD("catherine"), WORD("katherine")},
    {WORD("clara"), WORD("klara")},
    {WORD("clement"), WORD("klement")},
    {WORD("conrad"), WORD("konrad")},
    {WORD("cornelius"), WORD("kornelius")},
    {WORD("daniil"), WORD("danil")},
    {WORD("danila"), WORD("danil")},
    {WORD("danylo"), WORD("danil")},
    {WORD("denys"), WORD("denis")},
    {WORD("dimitri"), WORD("dmitri")},
    {WORD("djafar"), WORD("jafar")},
    {WORD("djamal"), WORD("jamal")},
    {WORD("dmitrii"), WORD("dmitri")},
    {WORD("dmitrij"), WORD("dmitri")},
    {WORD("dmitriy"), WORD("dmitri")},
    {WORD("dmitro"), WORD("dmitri")},
    {WORD("dmitry"), WORD("dmitri")},
    {WORD("dmytro"), WORD("dmitri")},
    {WORD("dominic"), WORD("dominik")},
    {WORD("dominick"), WORD("dominik")},
    {WORD("driss"), WORD("idris")},
    {WORD("dzianis"), WORD("denis")},
    {WORD("dzmitry"), WORD("dmitri")},
    {WORD("dzmitryi"), WORD("dmitri")},
    {WORD("dzyanis"), WORD("denis")},
    {WORD("ebrahim"), WORD("ibrahim")},
    {WORD("eirik"), WORD("erik")},
    {WORD("eisa"), WORD("isa")},
    {WORD("elena"), WORD("yelena")},
    {WORD("elyzaveta"), WORD("elizaveta")},
    {WORD("eric"), WORD("erik")},
    {WORD("erica"), WORD("erika")},
    {WORD("erick"), WORD("erik")},
    {WORD("eryk"), WORD("erik")},
    {WORD("esmaeil"), WORD("ismail")},
    {WORD("esmail"), WORD("ismail")},
    {WORD("eugeny"), WORD("evgeni")},
    {WORD("evgenii"), WORD("evgeni")},
    {WORD("evgenij"), WORD("evgeni")},
    {WORD("evgeniy"), WORD("evgeni")},
    {WORD("evgeny"), WORD("evgeni")},
    {WORD("evgueni"), WORD("evgeni")},
    {WORD("evhen"), WORD("evgeni")},
    {WORD("faisal"), WORD("faysal")},
    {WORD("faisel"), WORD("faysal")},
    {WORD("fatemah"), WORD("fatima")},
    {WORD("fatemeh"), WORD("fatima")},
    {WORD("fatimah"), WORD("fatima")},
    {WORD("fatma"), WORD("fatima")},
    {WORD("fayssal"), WORD("faysal")},
    {WORD("fedar"), WORD("fedor")},
    {WORD("fedir"), WORD("fedor")},
    {WORD("feisal"), WORD("faysal")},
    {WORD("feodor"), WORD("fedor")},
    {WORD("fiodar"), WORD("fedor")},
    {WORD("fiodor"), WORD("fedor")},
    {WORD("fjodor"), WORD("fedor")},
    {WORD("frederic"), WORD("frederik")},
    {WORD("frederick"), WORD("frederik")},
    {WORD("fredrick"), WORD("frederik")},
    {WORD("fredrik"), WORD("frederik")},
    {WORD("fyodor"), WORD("fedor")},
    {WORD("gafar"), WORD("jafar")},
    {WORD("gamal"), WORD("jamal")},
    {WORD("ganna"), WORD("anna")},
    {WORD("gennadii"), WORD("gennadi")},
    {WORD("gennadij"), WORD("gennadi")},
    {WORD("gennadiy"), WORD("gennadi")},
    {WORD("gennady"), WORD("gennadi")},
    {WORD("georgii"), WORD("georgi")},
    {WORD("georgij"), WORD("georgi")},
    {WORD("georgiy"), WORD("georgi")},
    {WORD("georgy"), WORD("georgi")},
    {WORD("ghasem"), WORD("qasim")},
    {WORD("grigorii"), WORD("grigori")},
    {WORD("grigorij"), WORD("grigori")},
    {WORD("grigoriy"), WORD("grigori")},
    {WORD("grigory"), WORD("grigori")},
    {WORD("haitham"), WORD("haytham")},
    {WORD("halyna"), WORD("galina")},
    {WORD("hameed"), WORD("hamid")},
    {WORD("hamzah"), WORD("hamza")},
    {WORD("hamzeh"), WORD("hamza")},
    {WORD("hanna"), WORD("anna")},
    {WORD("hassan"), WORD("hasan")},
    {WORD("henadz"), WORD("gennadi")},
    {WORD("henadzi"), WORD("gennadi")},
    {WORD("hennadi"), WORD("gennadi")},
    {WORD("hennadii"), WORD("gennadi")},
    {WORD("hennadiy"), WORD("gennadi")},
    {WORD("hennady"), WORD("gennadi")},
    {WORD("heorhi"), WORD("georgi")},
    {WORD("heorhii"), WORD("georgi")},
    {WORD("heorhiy"), WORD("georgi")},
    {WORD("heorhy"), WORD("georgi")},
    {WORD("herasym"), WORD("gerasim")},
    {WORD("herman"), WORD("german")},
    {WORD("hleb"), WORD("gleb")},
    {WORD("hlib"), WORD("gleb")},
    {WORD("hosein"), WORD("husayn")},
    {WORD("hosni"), WORD("husni")},
    {WORD("hossein"), WORD("husayn")},
    {WORD("hryhori"), WORD("grigori")},
    {WORD("hryhorii"), WORD("grigori")},
    {WORD("hryhoriy"), WORD("grigori")},
    {WORD("hryhory"), WORD("grigori")},
    {WORD("husain"), WORD("husayn")},
    {WORD("husein"), WORD("husayn")},
    {WORD("huseyin"), WORD("husayn")},
    {WORD("hussain"), WORD("husayn")},
    {WORD("hussayn"), WORD("husayn")},
    {WORD("hussein"), WORD("husayn")},
    {WORD("husseyn"), WORD("husayn")},
    {WORD("hussien"), WORD("husayn")},
    {WORD("hussin"), WORD("husayn")},
    {WORD("iaroslav"), WORD("yaroslav")},
    {WORD("ibraheem"), WORD("ibrahim")},
    {WORD("idriss"), WORD("idris")},
    {WORD("ihar"), WORD("igor")},
    {WORD("ihor"), WORD("igor")},
    {WORD("iliya"), WORD("ilya")},
    {WORD("ilja"), WORD("ilya")},
    {WORD("illia"), WORD("ilya")},
    {WORD("illya"), WORD("ilya")},
    {WORD("iosyp"), WORD("iosif")},
    {WORD("iouri"), WORD("yuri")},
    {WORD("iryina"), WORD("irina")},
    {WORD("iryna"), WORD("irina")},
    {WORD("isaac"), WORD("isak")},
    {WORD("isaak"), WORD("isak")},
    {WORD("ismaeel"), WORD("ismail")},
    {WORD("ismael"), WORD("ismail")},
    {WORD("issa"), WORD("isa")},
    {WORD("iulia"), WORD("yulia")},
    {WORD("iuliia"), WORD("yulia")},
    {WORD("iurii"), WORD("yuri")},
    {WORD("jaafar"), WORD("jafar")},
    {WORD("jacob"), WORD("jakob")},
    {WORD("jamaal"), WORD("jamal")},
    {WORD("jaroslav"), WORD("yaroslav")},
    {WORD("jauhen"), WORD("evgeni")},
    {WORD("jekaterina"), WORD("ekaterina")},
    {WORD("jelena"), WORD("yelena")},
    {WORD("josif"), WORD("iosif")},
    {WORD("julia"), WORD("yulia")},
    {WORD("julija"), WORD("yulia")},
    {WORD("jurij"), WORD("yuri")},
    {WORD("kanstantin"), WORD("konstantin")},
    {WORD("kanstantsin"), WORD("konstantin")},
    {WORD("kareem"), WORD("karim")},
    {WORD("kasim"), WORD("qasim")},
    {WORD("kassem"), WORD("qasim")},
    {WORD("katerina"), WORD("ekaterina")},
    {WORD("kateryna"), WORD("ekaterina")},
    {WORD("katsiaryna"), WORD("ekaterina")},
    {WORD("khaled"), WORD("khalid")},
    {WORD("khalled"), WORD("khalid")},
    {WORD("kirilo"), WORD("kirill")},
    {WORD("kiryl"), WORD("kirill")},
    {WORD("kostiantin"), WORD("konstantin")},
    {WORD("kostiantyn"), WORD("konstantin")},
    {WORD("kostyantin"), WORD("konstantin")},
    {WORD("kostyantyn"), WORD("konstantin")},
    {WORD("kseniia"), WORD("ksenia")},
    {WORD("kseniya"), WORD("ksenia")},
    {WORD("kyrylo"), WORD("kirill")},
    {WORD("leanid"), WORD("leonid")},
    {WORD("leonyd"), WORD("leonid")},
    {WORD("levko"), WORD("lev")},
    {WORD("liubou"), WORD("lyubov")},
    {WORD("liubov"), WORD("lyubov")},
    {WORD("liudmila"), WORD("lyudmila")},
    {WORD("liudmyla"), WORD("lyudmila")},
    {WORD("lizaveta"), WORD("elizaveta")},
    {WORD("ljubov"), WORD("lyubov")},
    {WORD("ljudmila"), WORD("lyudmila")},
    {WORD("lubov"), WORD("lyubov")},
    {WORD("lucas"), WORD("lukas")},
    {WORD("ludmila"), WORD("lyudmila")},
    {WORD("ludovic"), WORD("ludovik")},
    {WORD("lyubou"), WORD("lyubov")},
    {WORD("mahmood"), WORD("mahmud")},
    {WORD("mahmoud"), WORD("mahmud")},
    {WORD("mahomed"), WORD("muhammad")},
    {WORD("maksim"), WORD("maxim")},
    {WORD("maksym"), WORD("maxim")},
    {WORD("marc"), WORD("mark")},
    {WORD("marco"), WORD("marko")},
    {WORD("marcos"), WORD("markos")},
    {WORD("marcus"), WORD("markus")},
    {WORD("mariia"), WORD("maria")},
    {WORD("marija"), WORD("maria")},
    {WORD("mariya"), WORD("maria")},
    {WORD("maryia"), WORD("maria")},
    {WORD("maryna"), WORD("marina")},
    {WORD("maryya"), WORD("maria")},
    {WORD("matsvei"), WORD("matvei")},
    {WORD("matvey"), WORD("matvei")},
    {WORD("matvii"), WORD("matvei")},
    {WORD("matviy"), WORD("matvei")},
    {WORD("mehmet"), WORD("muhammad")},
    {WORD("mehmood"), WORD("mahmud")},
    {WORD("michail"), WORD("mikhail")},
    {WORD("mihail"), WORD("mikhail")},
    {WORD("mihailo"), WORD("mikhail")},
    {WORD("mikalai"), WORD("nikolai")},
    {WORD("mikalaj"), WORD("nikolai")},
    {WORD("mikalay"), WORD("nikolai")},
    {WORD("mikhailo"), WORD("mikhail")},
    {WORD("mikhajlo"), WORD("mikhail")},
    {WORD("mikhayl"), WORD("mikhail")},
    {WORD("mikhaylo"), WORD("mikhail")},
    {WORD("mikita"), WORD("nikita")},
    {WORD("mikola"), WORD("nikolai")},
    {WORD("moammar"), WORD("muammar")},
    {WORD("mohamad"), WORD("muhammad")},
    {WORD("mohamed"), WORD("muhammad")},
    {WORD("mohamet"), WORD("muhammad")},
    {WORD("mohammad"), WORD("muhammad")},
    {WORD("mohammed"), WORD("muhammad")},
    {WORD("mohammod"), WORD("muhammad")},
    {WORD("mohamud"), WORD("muhammad")},
    {WORD("mohd"), WORD("muhammad")},
    {WORD("mostafa"), WORD("mustafa")},
    {WORD("mousa"), WORD("musa")},
    {WORD("moussa"), WORD("musa")},
    {WORD("moustafa"), WORD("mustafa")},
    {WORD("moustapha"), WORD("mustafa")},
    {WORD("mstyslav"), WORD("mstislav")},
    {WORD("muhamad"), WORD("muhammad")},
    {WORD("muhamed"), WORD("muhammad")},
    {WORD("muhammed"), WORD("muhammad")},
    {WORD("mustapha"), WORD("mustafa")},
    {WORD("mykhailo"), WORD("mikhail")},
    {WORD("mykhayl"), WORD("mikhail")},
    {WORD("mykhaylo"), WORD("mikhail")},
    {WORD("mykola"), WORD("nikolai")},
    {WORD("mykolai"), WORD("nikolai")},
    {WORD("mykolay"), WORD("nikolai")},
    {WORD("mykyta"), WORD("nikita")},
    {WORD("mytrofan"), WORD("mitrofan")},
    {WORD("nadiia"), WORD("nadezhda")},
    {WORD("nadiya"), WORD("nadezhda")},
    {WORD("nadzeia"), WORD("nadezhda")},
    {WORD("nadzeya"), WORD("nadezhda")},
    {WORD("nataliia"), WORD("natalia")},
    {WORD("natalija"), WORD("natalia")},
    {WORD("nataliya"), WORD("natalia")},
    {WORD("natallia"), WORD("natalia")},
    {WORD("natallya"), WORD("natalia")},
    {WORD("natalya"), WORD("natalia")},
    {WORD("nicholas"), WORD("nikolas")},
    {WORD("nicola"), WORD("nikola")},
    {WORD("nicolai"), WORD("nikolai")},
    {WORD("nicolas"), WORD("nikolas")},
    {WORD("nikolaj"), WORD("nikolai")},
    {WORD("nikolay"), WORD("nikolai")},
    {WORD("noor"), WORD("nur")},
    {WORD("nour"), WORD("nur")},
    {WORD("nykyta"), WORD("nikita")},
    {WORD("oleh"), WORD("oleg")},
    {WORD("oleksandr"), WORD("alexander")},
    {WORD("oleksii"), WORD("alexei")},
    {WORD("oleksij"), WORD("alexei")},
    {WORD("oleksiy"), WORD("alexei")},
    {WORD("oleksy"), WORD("alexei")},
    {WORD("olena"), WORD("yelena")},
    {WORD("olexandr"), WORD("alexander")},
    {WORD("olha"), WORD("olga")},
    {WORD("omar"), WORD("umar")},
    {WORD("omer"), WORD("umar")},
    {WORD("osama"), WORD("usama")},
    {WORD("oscar"), WORD("oskar")},
    {WORD("osman"), WORD("uthman")},
    {WORD("osyp"), WORD("iosif")},
    {WORD("othman"), WORD("uthman")},
    {WORD("oualid"), WORD("walid")},
    {WORD("oumar"), WORD("umar")},
    {WORD("ousmane"), WORD("uthman")},
    {WORD("oussama"), WORD("usama")},
    {WORD("patric"), WORD("patrik")},
    {WORD("patrick"), WORD("patrik")},
    {WORD("paulina"), WORD("polina")},
    {WORD("paulo"), WORD("pavel")},
    {WORD("paval"), WORD("pavel")},
    {WORD("pavlo"), WORD("pavel")},
    {WORD("petro"), WORD("petr")},
    {WORD("piatro"), WORD("petr")},
    {WORD("piotr"), WORD("petr")},
    {WORD("pjotr"), WORD("petr")},
    {WORD("pyatro"), WORD("petr")},
    {WORD("pylyp"), WORD("filipp")},
    {WORD("pyotr"), WORD("petr")},
    {WORD("qasem"), WORD("qasim")},
    {WORD("qassem"), WORD("qasim")},
    {WORD("qassim"), WORD("qasim")},
    {WORD("rachid"), WORD("rashid")},
    {WORD("rahmaan"), WORD("rahman")},
    {WORD("raman"), WORD("roman")},
    {WORD("rasheed"), WORD("rashid")},
    {WORD("rastislau"), WORD("rostislav")},
    {WORD("rehman"), WORD("rahman")},
    {WORD("rostyslav"), WORD("rostislav")},
    {WORD("ryhor"), WORD("grigori")},
    {WORD("ryhori"), WORD("grigori")},
    {WORD("saeed"), WORD("said")},
    {WORD("saeid"), WORD("said")},
    {WORD("saied"), WORD("said")},
    {WORD("saleem"), WORD("salim")},
    {WORD("saleh"), WORD("salah")},
    {WORD("salih"), WORD("salah")},
    {WORD("sayed"), WORD("sayyid")},
    {WORD("sayeed"), WORD("said")},
    {WORD("sayyed"), WORD("sayyid")},
    {WORD("semion"), WORD("semen")},
    {WORD("semyon"), WORD("semen")},
    {WORD("serafym"), WORD("serafim")},
    {WORD("sergej"), WORD("sergei")},
    {WORD("sergey"), WORD("sergei")},
    {WORD("sergi"), WORD("sergei")},
    {WORD("sergii"), WORD("sergei")},
    {WORD("serguei"), WORD("sergei")},
    {WORD("serhi"), WORD("sergei")},
    {WORD("serhii"), WORD("sergei")},
    {WORD("serhiy"), WORD("sergei")},
    {WORD("serhy"), WORD("sergei")},
    {WORD("seyed"), WORD("sayyid")},
    {WORD("seyyed"), WORD("sayyid")},
    {WORD("siamion"), WORD("semen")},
    {WORD("siargei"), WORD("sergei")},
    {WORD("siarhei"), WORD("sergei")},
    {WORD("siarhej"), WORD("sergei")},
    {WORD("siarhey"), WORD("sergei")},
    {WORD("siarhiej"), WORD("sergei")},
    {WORD("siarhiy"), WORD("sergei")},
    {WORD("sjarhej"), WORD("sergei")},
    {WORD("sofiia"), WORD("sofia")},
    {WORD("sofija"), WORD("sofia")},
    {WORD("sofiya"), WORD("sofia")},
    {WORD("sofya"), WORD("sofia")},
    {WORD("soleiman"), WORD("sulayman")},
    {WORD("souleymane"), WORD("sulayman")},
    {WORD("stanislau"), WORD("stanislav")},
    {WORD("stanyslav"), WORD("stanislav")},
    {WORD("stiapan"), WORD("stepan")},
    {WORD("stsiapan"), WORD("stepan")},
    {WORD("styapan"), WORD("stepan")},
    {WORD("sulaiman"), WORD("sulayman")},
    {WORD("suleiman"), WORD("sulayman")},
    {WORD("sulejman"), WORD("sulayman")},
    {WORD("suleyman"), WORD("sulayman")},
    {WORD("sviataslau"), WORD("sviatoslav")},
    {WORD("sviatlana"), WORD("svetlana")},
    {WORD("svitlana"), WORD("svetlana")},
    {WORD("svjatoslav"), WORD("sviatoslav")},
    {WORD("svyatlana"), WORD("svetlana")},
    {WORD("svyatoslav"), WORD("sviatoslav")},
    {WORD("syargey"), WORD("sergei")},
    {WORD("syarhei"), WORD("sergei")},
    {WORD("syarhey"), WORD("sergei")},
    {WORD("syed"), WORD("sayyid")},
    {WORD("tarek"), WORD("tariq")},
    {WORD("tareq"), WORD("tariq")},
    {WORD("tarik"), WORD("tariq")},
    {WORD("tatjana"), WORD("tatiana")},
    {WORD("tatsiana"), WORD("tatiana")},
    {WORD("tatsyana"), WORD("tatiana")},
    {WORD("tatyana"), WORD("tatiana")},
    {WORD("tetiana"), WORD("tatiana")},
    {WORD("tetyana"), WORD("tatiana")},
    {WORD("timofey"), WORD("timofei")},
    {WORD("tsimafei"), WORD("timofei")},
    {WORD("tsimur"), WORD("timur")},
    {WORD("tymofii"), WORD("timofei")},
    {WORD("tymofiy"), WORD("timofei")},
    {WORD("tymur"), WORD("timur")},
    {WORD("uladzimir"), WORD("vladimir")},
    {WORD("uladzislau"), WORD("vladislav")},
    {WORD("um"), WORD("umm")},
    {WORD("usevalad"), WORD("vsevolod")},
    {WORD("usman"), WORD("uthman")},
    {WORD("vadym"), WORD("vadim")},
    {WORD("vadzim"), WORD("vadim")},
    {WORD("valentyn"), WORD("valentin")},
    {WORD("valentyna"), WORD("valentina")},
    {WORD("valerii"), WORD("valeri")},
    {WORD("valerij"), WORD("valeri")},
    {WORD("valeriy"), WORD("valeri")},
    {WORD("valery"), WORD("valeri")},
    {WORD("valiantsin"), WORD("valentin")},
    {WORD("valiantsina"), WORD("valentina")},
    {WORD("valyantsin"), WORD("valentin")},
    {WORD("vasil"), WORD("vasili")},
    {WORD("vasilii"), WORD("vasili")},
    {WORD("vasilij"), WORD("vasili")},
    {WORD("vasiliy"), WORD("vasili")},
    {WORD("vasily"), WORD("vasili")},
    {WORD("vasyl"), WORD("vasili")},
    {WORD("viachaslau"), WORD("viacheslav")},
    {WORD("viacheslau"), WORD("viacheslav")},
    {WORD("victor"), WORD("viktor")},
    {WORD("victoria"), WORD("viktoria")},
    {WORD("viktar"), WORD("viktor")},
    {WORD("viktoriia"), WORD("viktoria")},
    {WORD("viktoriya"), WORD("viktoria")},
    {WORD("viktoryia"), WORD("viktoria")},
    {WORD("viktoryya"), WORD("viktoria")},
    {WORD("vital"), WORD("vitali")},
    {WORD("vitalii"), WORD("vitali")},
    {WORD("vitalij"), WORD("vitali")},
    {WORD("vitaliy"), WORD("vitali")},
    {WORD("vitaly"), WORD("vitali")},
    {WORD("vjacheslav"), WORD("viacheslav")},
    {WORD("vladislau"), WORD("vladislav")},
    {WORD("vladyslav"), WORD("vladislav")},
    {WORD("volha"), WORD("olga")},
    {WORD("volodimir"), WORD("vladimir")},
    {WORD("volodymir"), WORD("vladimir")},
    {WORD("volodymyr"), WORD("vladimir")},
    {WORD("vyachaslau"), WORD("viacheslav")},
    {WORD("vyachaslav"), WORD("viacheslav")},
    {WORD("vyacheslav"), WORD("viacheslav")},
    {WORD("waleed"), WORD("walid")},
    {WORD("wiktor"), WORD("viktor")},
    {WORD("wiktoria"), WORD("viktoria")},
    {WORD("wladimir"), WORD("vladimir")},
    {WORD("wladislaw"), WORD("vladislav")},
    {WORD("xenia"), WORD("ksenia")},
    {WORD("yahia"), WORD("yahya")},
    {WORD("yahor"), WORD("egor")},
    {WORD("yakau"), WORD("yakov")},
    {WORD("yakiv"), WORD("yakov")},
    {WORD("yaraslau"), WORD("yaroslav")},
    {WORD("yauhen"), WORD("evgeni")},
    {WORD("yauheni"), WORD("evgeni")},
    {WORD("yegor"), WORD("egor")},
    {WORD("yehia"), WORD("yahya")},
    {WORD("yehor"), WORD("egor")},
    {WORD("yekaterina"), WORD("ekaterina")},
    {WORD("yekatsiaryna"), WORD("ekaterina")},
    {WORD("yelyzaveta"), WORD("elizaveta")},
    {WORD("yevgen"), WORD("evgeni")},
    {WORD("yevgeni"), WORD("evgeni")},
    {WORD("yevgenii"), WORD("evgeni")},
    {WORD("yevgenij"), WORD("evgeni")},
    {WORD("yevgeniy"), WORD("evgeni")},
    {WORD("yevgeny"), WORD("evgeni")},
    {WORD("yevhen"), WORD("evgeni")},
    {WORD("yevheni"), WORD("evgeni")},
    {WORD("yevhenii"), WORD("evgeni")},
    {WORD("yevheniy"), WORD("evgeni")},
    {WORD("yosif"), WORD("iosif")},
    {WORD("yosyp"), WORD("iosif")},
    {WORD("yousef"), WORD("yusuf")},
    {WORD("yousif"), WORD("yusuf")},
    {WORD("youssef"), WORD("yusuf")},
    {WORD("youssif"), WORD("yusuf")},
    {WORD("youssouf"), WORD("yusuf")},
    {WORD("yousuf"), WORD("yusuf")},
    {WORD("yuliia"), WORD("yulia")},
    {WORD("yuliya"), WORD("yulia")},
    {WORD("yurii"), WORD("yuri")},
    {WORD("yuriia"), WORD("yuria")},
    {WORD("yurij"), WORD("yuri")},
    {WORD("yuriy"), WORD("yuri")},
    {WORD("yury"), WORD("yuri")},
    {WORD("yusef"), WORD("yusuf")},
    {WORD("yusif"), WORD("yusuf")},
    {WORD("yusof"), WORD("yusuf")},
    {WORD("zaid"), WORD("zayd")},
    {WORD("zeid"), WORD("zayd")},
    {WORD("zinovii"), WORD("zinovi")},
    {WORD("zinoviy"), WORD("zinovi")},
    {WORD("zmitser"), WORD("dmitri")},
    {WORD("zoia"), WORD("zoya")},
};

/* By first letter; of one letter longer before shorter. */
static const struct pair letters[] = {
    {WORD("aa"), WORD("a")},  {WORD("ck"), WORD("k")},  {WORD("dh"), WORD("d")},  {WORD("ee"), WORD("i")},    {WORD("gh"), WORD("g")},
    {WORD("ia"), WORD("ya")}, {WORD("io"), WORD("yo")}, {WORD("iu"), WORD("yu")}, {WORD("kh"), WORD("h")},    {WORD("oo"), WORD("u")},
    {WORD("ou"), WORD("u")},  {WORD("ph"), WORD("f")},  {WORD("q"), WORD("k")},   {WORD("tsch"), WORD("ch")}, {WORD("tch"), WORD("ch")},
    {WORD("tz"), WORD("ts")}, {WORD("x"), WORD("ks")},
};
#define RULES (sizeof(letters) / sizeof(letters[0]))

static const struct pair endings[] = {
    {WORD("vych"), WORD("vich")}, {WORD("vitj"), WORD("vich")}, {WORD("off"), WORD("ov")}, {WORD("eff"), WORD("ev")},
    {WORD("iy"), WORD("i")},      {WORD("yy"), WORD("i")},      {WORD("ii"), WORD("i")},   {WORD("ij"), WORD("i")},
    {WORD("ah"), WORD("a")},      {WORD("eh"), WORD("a")},      {WORD("y"), WORD("i")},
};

static bool is_plain(struct tw_slice word)
{
	for (uint32_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < 'a' || word.ptr[i] > 'z') {
			return false;
		}
	}
	return word.len >= 3 && word.len <= WORD_MAX;
}

static struct tw_word_table family_table = TW_WORD_TABLE(families);
static uint8_t rule_first[27];  /* by letter: where its rules begin */
static uint32_t ending_letters; /* a bit a letter: the last of an ending */
static pthread_once_t opened = PTHREAD_ONCE_INIT;

#define LETTER_BIT(c) (UINT32_C(1) << ((c) - 'a'))

static void open_tables(void)
{
	tw_word_table_open(&family_table);
	for (uint32_t letter = 0, rule = 0; letter <= 26; letter++) {
		while (rule < RULES && (uint32_t)(letters[rule].from.ptr[0] - 'a') < letter) {
			rule++;
		}
		rule_first[letter] = (uint8_t)rule;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		ending_letters |= LETTER_BIT(endings[i].from.ptr[endings[i].from.len - 1]);
	}
}

static const struct pair *ending_of(struct tw_slice word)
{
	if (!(ending_letters & LETTER_BIT(word.ptr[word.len - 1]))) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		uint32_t length = endings[i].from.len;
		if (word.len > length + 1 && memcmp(word.ptr + word.len - length, endings[i].from.ptr, length) == 0) {
			return &endings[i];
		}
	}
	return NULL;
}

static bool begins(struct tw_slice rest, struct tw_slice with)
{
	uint32_t i = 0;
	while (i < with.len && i < rest.len && rest.ptr[i] == with.ptr[i]) {
		i++;
	}
	return i == with.len;
}

static const struct pair *letters_at(struct tw_slice rest)
{
	uint32_t letter = (uint32_t)(rest.ptr[0] - 'a');
	for (uint32_t i = rule_first[letter]; i < rule_first[letter + 1]; i++) {
		if (begins(rest, letters[i].from)) {
			return &letters[i];
		}
	}
	return NULL;
}

static uint32_t append(char *out, uint32_t length, struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len && length < WORD_MAX; i++) {
		if (length == 0 || out[length - 1] != text.ptr[i]) { /* doubled letters are one */
			out[length++] = text.ptr[i];
		}
	}
	return length;
}

/* Endings of patronymics with what is the same in Russian; by gender. */
static const struct pair patronymics[] = {
    {WORD("iovych"), WORD("evich")}, {WORD("yovych"), WORD("evich")}, {WORD("ovych"), WORD("ovich")}, {WORD("evych"), WORD("evich")},
    {WORD("avich"), WORD("ovich")},  {WORD("ovich"), WORD("ovich")},  {WORD("evich"), WORD("evich")}, {WORD("iivna"), WORD("evna")},
    {WORD("yivna"), WORD("evna")},   {WORD("ivna"), WORD("ovna")},    {WORD("ovna"), WORD("ovna")},   {WORD("evna"), WORD("evna")},
    {WORD("auna"), WORD("ovna")},    {WORD("euna"), WORD("evna")},
};

/* The family of a father's name of which the end is lost: "mykhail(o)", "serh(ii)". */
static const struct pair *father_of(struct tw_slice stem)
{
	static const char *const ends[] = {"", "i", "o", "ii", "y"};
	char text[WORD_MAX + 2];
	memcpy(text, stem.ptr, stem.len);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t length = strlen(ends[i]);
		memcpy(text + stem.len, ends[i], length);
		const struct pair *father = tw_word_find(&family_table, (struct tw_slice){text, stem.len + (uint32_t)length});
		if (father) {
			return father;
		}
	}
	return NULL;
}

/* "Serhiyovych" and "Siarheevich" are of Sergei: a patronymic has the spelling of the father's name. `room` for TW_NAME_SPELLING_ROOM bytes */
static struct tw_slice patronymic(struct tw_slice word, char *room)
{
	char last = word.len ? word.ptr[word.len - 1] : 0;
	for (size_t i = 0; (last == 'h' || last == 'a') && i < sizeof(patronymics) / sizeof(patronymics[0]); i++) { /* all end so */
		struct tw_slice from = patronymics[i].from, to = patronymics[i].to;
		if (word.len < from.len + FATHER_LETTERS_MIN || memcmp(word.ptr + word.len - from.len, from.ptr, from.len) != 0) {
			continue;
		}
		const struct pair *father = father_of((struct tw_slice){word.ptr, word.len - from.len});
		if (!father) {
			return word;
		}
		bool soft = father->to.ptr[father->to.len - 1] == 'i';
		uint32_t length = father->to.len - soft;
		memcpy(room, father->to.ptr, length);
		room[length] = soft ? 'e' : 'o';
		memcpy(room + length + 1, to.ptr + 1, to.len - 1);
		return (struct tw_slice){room, length + to.len};
	}
	return word;
}

static const struct pair yo = {WORD("yo"), WORD("e")};

static bool is_consonant(char c)
{
	return !strchr("aeiouy", c);
}

/* Yo behind a consonant, which Russian writes as e: "Fyodorov", "Solovyov". */
static bool is_yo(struct tw_slice rest, const char *out, uint32_t length)
{
	return rest.len > 2 && (rest.ptr[0] == 'y' || rest.ptr[0] == 'i') && rest.ptr[1] == 'o' && is_consonant(rest.ptr[2]) && length &&
	       is_consonant(out[length - 1]);
}

uint32_t tw_name_spelling(struct tw_slice word, char *out)
{
	char room[TW_NAME_SPELLING_ROOM];
	uint32_t length = 0, kept = word.len < WORD_MAX ? word.len : WORD_MAX;
	if (!is_plain(word)) {
		memcpy(out, word.ptr, kept);
		return kept;
	}
	pthread_once(&opened, open_tables);
	const struct pair *family = tw_word_find(&family_table, word);
	word = family ? family->to : patronymic(word, room);
	const struct pair *ending = ending_of(word);
	word.len -= ending ? ending->from.len : 0;
	if (word.len > 3 && memcmp(word.ptr, "ye", 2) == 0) {
		word.ptr++;
		word.len--;
	}
	while (word.len) {
		const struct pair *rule = letters_at(word);
		struct tw_slice one = {word.ptr, 1};
		rule = is_yo(word, out, length) ? &yo : rule;
		uint32_t taken = rule ? rule->from.len : 1;
		length = append(out, length, rule ? rule->to : one);
		word.ptr += taken;
		word.len -= taken;
	}
	return ending ? append(out, length, ending->to) : length;
}
