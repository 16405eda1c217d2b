"""Word tables for `lines`: what buttons, promos, credits and related links say, by language.

English, German, French, Spanish, Portuguese, Italian, Dutch, with the commonest of some others.
Lower case unless a pattern says otherwise. Alternations are used inside larger patterns.
"""

from __future__ import annotations


def _table(text: str) -> frozenset[str]:
    return frozenset(entry.strip() for entry in text.replace("\n", ";").split(";") if entry.strip())


PROMO_VERBS = _table(
    """
    subscribe;sign up;follow;download;click;tap;read;watch;listen;share;join;register;log in;sign in
    support;donate;get;stay;don't miss;see;visit;rate;vote;like;contact;email;send;discover;check
    learn;become;try;view;play;comment;install;purchase;choose;turn;add;keep;leave;write;have;help;receive;access
    abonnieren;abonniere;folgen;folgt;folge;laden;lade;lesen;lies;sehen;hören;teilen;klicken;klick
    melden;registrieren;unterstützen;kommentieren;bewerten;diskutieren;testen
    abonnez;inscrivez;suivez;téléchargez;cliquez;lisez;lire;écoutez;regardez;voir;partagez;rejoignez
    recevez;retrouvez;découvrez;soutenez;commentez;notez
    suscríbete;suscríbase;síguenos;síganos;sigue;siga;descarga;descargue;haz;haga;lee;lea;leer;mira
    mire;ver;vea;escucha;escuche;comparte;comparta;únete;únase;regístrate;recibe;reciba;apoya;valora
    assine;inscreva;subscreva;baixe;descarregue;clique;leia;veja;ouça;assista;compartilhe;partilhe
    receba;participe;avalie;acompanhe
    abbonati;iscriviti;segui;seguici;scarica;clicca;leggi;guarda;ascolta;condividi;ricevi;scopri;vota
    abonneer;volg;klik;lees;bekijk;luister;deel;meld;reageer
    """
)
# The first word of a promo whose verb is the second ("Please subscribe", "Sign up").
PROMO_OPENINGS = _table("please;jetzt;bitte;to;sign;log;don't")
SUBSCRIBE_VERBS = _table(
    """
    subscribe;sign up;follow;register;log in;sign in;purchase;abonnieren;abonnez;inscrivez;suscríbete
    suscríbase;regístrate;assine;inscreva;subscreva;abbonati;iscriviti;abonneer;meld;melden
    """
)
CHANNEL_WORDS = _table(
    """
    newsletter;newsletters;app;apps;inbox;alerts;notifications;podcast;podcasts;facebook;twitter
    instagram;whatsapp;telegram;youtube;tiktok;linkedin;bluesky;mastodon;rss;subscription;abo
    abonnement;suscripción;assinatura;abbonamento;boletín;infolettre;kanal;canal;chaîne;canale;kanaal
    eilmeldungen;notifiche;notificaciones;notificações;updates;briefing;here;aquí;aqui;hier;ici
    """
)
FIRST_PERSON = _table(
    """
    us;our;uns;unser;unsere;unseren;unserem;unserer;nous;notre;nos;nuestro;nuestra;nuestros;nuestras
    nós;nosso;nossa;nossos;nossas;nostro;nostra;nostri;nostre;ons;onze;your;ihr;ihre;ihren;votre;vos
    tu;su;seu;sua;tua;tuo;je;jouw
    """
)
PROMO_OBJECTS = _table(
    """
    more;mehr;plus;más;mais;più;meer;also;auch;aussi;también;também;anche;ook;news;live;free;item
    article;artikel;comments;kommentar;commentaire;comentario;comentário;commento;account;konto
    compte;cuenta;conta;trial;gallery;video;vídeo;vidéo;photos;fotos;stories;coverage;full;next
    """
)
BUTTON_WORDS = _table(
    """
    share;tweet;email;e;mail;print;save;close;copy;copied;link;facebook;twitter;whatsapp;telegram
    linkedin;pinterest;reddit;flipboard;google;instagram;messenger;sms;comments;comment;reply;like
    love;fullscreen;image;advertisement;advertising;loading;more;less;menu;search;play;pause;mute
    unmute;audio;video;gallery;cancel;send;ok;post;posted;published;updated;view;hide;show;follow
    subscribe;login;logout;sign;in;up;now;playing;skip;ad;ads;sponsored;related;content;tags;topics
    whats;app;linked;tube;tok;back;to;top;this;page;all;full;on;via;bookmark;bookmarked;listen;read;article;download;pdf
    teilen;drucken;merken;kommentare;speichern;anzeige;werbung;schließen;vorlesen;artikel;newsletter
    partager;imprimer;enregistrer;commentaires;publicité;fermer;réagir;écouter
    compartir;imprimir;guardar;comentarios;publicidad;cerrar;comentar;enviar
    compartilhar;partilhar;salvar;comentários;publicidade;fechar
    condividi;stampa;salva;commenti;pubblicità;chiudi
    delen;opslaan;advertentie;reacties;sluiten
    """
)
COUNTED_WORDS = (
    "votes?|comments?|shares?|likes?|views?|reactions?|ratings?|replies|reads|kommentare?|bewertungen"
    "|stimmen|reaktionen|commentaires?|avis|partages|comentarios?|votos?|valoraciones|visitas"
    "|comentários?|avaliações|commenti|voti|reacties|stemmen|полож|комментари\\w+|評|条评论|コメント"
)
DURATION_WORDS = "duration|dauer|durée|duración|duração|durata|duur|length|laufzeit|run ?time"
CREDIT_LABELS = (
    "(?:[Ff]ile |[Ss]taff )?(?:Photo(?:graph)?s?|PHOTO|Picture|Pictures|Pic|Image|IMAGE|Images)"
    "|Credits?|CREDIT|Crédits?(?: photo)?|Illustration|Screenshot|Screengrab|Fotos?|FOTO|Bild(?:er)?"
    "|Grafik|Fotografía|Fotografia|Imagen|Imagem|Immagine|Foto de archivo|Archivbild|Beeld|写真|图|圖|사진"
)
# Case matters: "photo" in a sentence is a word, "Photo" among names is a credit.
CREDIT_MARKS = (
    r"\b(?:Photos?|PHOTO|Foto|Pool|POOL|Handout|HANDOUT|Getty|GETTY|Shutterstock|Alamy|iStock|Unsplash"
    r"|Archivbild|File Photo|Screengrab|Screenshot)\b|\b[Vv]ia [A-Z]{2,}\b|\b[Vv]ia (?:Getty|REUTERS|Reuters)\b"
    r"|\b[Cc]ourtesy (?:of )?[A-ZÀ-Þ]|\b[Pp]hoto(?:graph)? (?:by|courtesy)\b|\bfile photo\b|©"
)
CAPTION_SIDES = (
    r"[,(] ?(?:(?:second |third |far |front |back )?(?:from )?(?:left|right)|cent(?:er|re)|pictured(?: above| here)?"
    r"|(?:zweiter? von )?(?:links|rechts)|à (?:gauche|droite)|au centre|a la (?:izquierda|derecha)|izquierda"
    r"|derecha|à (?:esquerda|direita)|a (?:sinistra|destra)|al centro)(?:[,)]|, )"
)
RIGHTS_RESERVED = (
    "all rights reserved", "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
    "todos os direitos reservados", "tutti i diritti riservati", "riproduzione riservata", "版权所有",
    "無断転載", "무단 전재", "무단전재",
)  # fmt: skip
RELATED_LEADS = tuple(
    sorted(
        _table(
            """
            read more;read also;also read;read next;see also;more on this;more from;related
            related content;related stories;related articles;related topics;related news;related links
            related coverage;recommended;recommended stories;most read;most popular;trending
            you may also like;you might also like;up next;watch;watch now;listen;listen now;video
            photos;gallery;in pictures;live updates;now playing;don't miss;what to read next
            editor's picks;sponsored;promoted;sign up;newsletter;more stories;more news;top stories
            mehr zum thema;lesen sie auch;lesen sie mehr;auch interessant;siehe auch;weitere artikel
            mehr dazu;zum thema;fotostrecke;bildergalerie;das könnte sie auch interessieren
            lire aussi;à lire aussi;à lire;lire la suite;voir aussi;à voir aussi;sur le même sujet
            pour aller plus loin;en images;vidéo;à lire également;lire également
            lea también;lee también;leer más;lea más;te puede interesar;le puede interesar;ver también
            ver más;más información;noticias relacionadas;relacionado;lea además;lee además;vídeo;galería
            leia também;leia mais;veja também;saiba mais;veja mais;notícias relacionadas
            leggi anche;leggi di più;vedi anche;guarda anche;ti potrebbe interessare;articoli correlati
            lees ook;lees meer;bekijk ook;läs också;läs mer;läs även;les også;læs også;lue myös
            czytaj też;czytaj także;zobacz też;przeczytaj też;читайте также;смотрите также
            相关阅读;相关新闻;相關閱讀;相關新聞;延伸阅读;延伸閱讀;関連記事;あわせて読みたい;관련기사;추천기사
            """
        ),
        key=lambda lead: (-len(lead), lead),
    )
)
# A heading that begins so is the head of a widget; the short lines under it belong to it.
BLOCK_LEADS = _table(
    """
    how to;related content;related stories;related articles;related topics;related links;most read
    most popular;rate this;top stories;more stories;recommended stories;mehr zum;weitere artikel
    lire aussi;noticias relacionadas;notícias relacionadas;articoli correlati;相关阅读;関連記事;관련기사
    more from;more on;more in;also in;also on;read more;read also;see also;our picks;editor's picks
    mehr aus;mehr von;lesen sie;plus de;à lire;más de;lee también;mais de;leia também;leggi anche
    trending;recommended;related;newsletter;share this;follow us;tags;topics
    """
)
BYLINE_OPENINGS = _table(
    "by;von;par;por;di;door;av;af;text;autor;autorin;auteur;автор;από;przez;yazan"
)
MONTHS = _table(
    """
    january;february;march;april;may;june;july;august;september;october;november;december
    jan;feb;mar;apr;jun;jul;aug;sep;sept;oct;nov;dec
    januar;jänner;februar;märz;mai;juni;juli;oktober;dezember;mär;okt;dez
    janvier;février;mars;avril;juin;juillet;août;septembre;octobre;novembre;décembre;janv;févr;avr;juil;déc
    enero;febrero;marzo;abril;mayo;junio;julio;agosto;septiembre;setiembre;octubre;noviembre;diciembre
    ene;abr;ago;dic
    janeiro;fevereiro;março;maio;junho;julho;setembro;outubro;novembro;dezembro;fev;out;set
    gennaio;febbraio;aprile;maggio;giugno;luglio;settembre;ottobre;dicembre;gen;mag;giu;lug;ott
    januari;februari;maart;mei;augustus;maj;juni;juli;desember
    января;февраля;марта;апреля;мая;июня;июля;августа;сентября;октября;ноября;декабря
    stycznia;lutego;marca;kwietnia;maja;czerwca;lipca;sierpnia;września;października;listopada;grudnia
    янв;фев;мар;апр;май;июн;июл;авг;сен;сент;окт;ноя;дек;січня;лютого;березня;квітня;травня;червня
    ocak;şubat;mart;nisan;mayıs;haziran;temmuz;ağustos;eylül;ekim;kasım;aralık;月;월
    """
)
_DATE_LABELS = _table(
    """
    published;updated;posted;last;modified;edited;created;date;on;first;at;the;date;originally
    veröffentlicht;aktualisiert;stand;erstellt;am;vom;zuletzt
    publié;mis;à;jour;le;modifié;publication
    publicado;actualizado;actualización;fecha;el;publicada
    atualizado;em;data;publicação;às;as
    pubblicato;aggiornato;il;gepubliceerd;bijgewerkt;op;opublikowano;опубликовано
    """
)
_DATE_PARTS = _table(
    """
    monday;tuesday;wednesday;thursday;friday;saturday;sunday;mon;tue;tues;wed;thu;thur;thurs;fri;sat;sun
    montag;dienstag;mittwoch;donnerstag;freitag;samstag;sonnabend;sonntag;mo;di;mi;do;fr;sa;so
    lundi;mardi;mercredi;jeudi;vendredi;samedi;dimanche
    lunes;martes;miércoles;jueves;viernes;sábado;domingo
    segunda;terça;quarta;quinta;sexta;feira
    lunedì;martedì;mercoledì;giovedì;venerdì;sabato;domenica
    maandag;dinsdag;woensdag;donderdag;vrijdag;zaterdag;zondag
    понедельник;вторник;среда;четверг;пятница;суббота;воскресенье;года;г
    st;nd;rd;th;er;am;pm;a;p;m;h;uhr;of;de;del;du;um;à;às;as;alle;ore;at;kl;et;est;edt;ct;cst;cdt;mt;mst;mdt
    pt;pst;pdt;gmt;utc;bst;ist;cet;cest;mez;mesz;msk;jst;aest;aedt;hkt;sgt;z;t;hrs;min;om
    年;日;月;时;分;時;星期一;星期二;星期三;星期四;星期五;星期六;星期日;발행;입력;수정;년;월;일;시;분;오전;오후
    """
)
# Words a date line may hold beside months and numbers; True where the date itself may begin with it.
DATE_WORDS = dict.fromkeys(_DATE_LABELS, False) | dict.fromkeys(_DATE_PARTS - _DATE_LABELS, True)
