"""The words that orders to a machine are made of, each as one letter; a rule reads the row of letters of a text.

Every language has its words for the same few things, so one rule serves all of them. Words stand in base form, lower
case, without accents; one that ends in "*" stands for all that begin with it, one with "_" for a phrase. No word has
two letters: the first that names it keeps it.
"""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    # M: surely a machine that reads; m: may be one, a person or a product; a, j: what makes a machine of the next word
    "M": """
        llm llms gpt chatgpt language_model language_models artificial_intelligence genai intelligence_artificielle
        inteligencia_artificial intelligenza_artificiale kunstliche_intelligenz sztuczna_inteligencja yapay_zeka
        summarizer summariser summarizers summarisers brief_writer brief_writers customer-escalation ki ии
        искусственный_интеллект искусственного_интеллекта 人工智能 人工智慧 人工知能 语言模型 言語モデル 인공지능
        الذكاء_الاصطناعي
    """,
    "m": """
        assistant assistants bot bots chatbot chatbots model models tool tools agent agents system systems software
        reader readers machine machines algorithm program programs pipeline classifier engine copilot copilots writer
        reviewer reviewers processor claude gemini service workflow script analyst assistent assistenten modell
        werkzeug leser asistente agente sistema modelo herramienta lector assistente strumento modello outil systeme
        modele lecteur ferramenta verktyg narzedzie asystent asystenta asistan ассистент* помощник* бот модель модели
        система системы 助手 助理 模型 机器人 系统 アシスタント モデル システム ツール 어시스턴트 모델 시스템 المساعد
        النموذج
    """,
    "a": """
        ai automated automatic automatically automation autonomous virtual ai-powered ai-based automatische
        automatisierte automatico automatica automatique automatisk helpful
    """,
    "j": "triage summary summarizing summarising summarization summarisation briefing escalation classification",
    # D: set aside; f: follow (with a "not"); R, r: what is set aside; Z: what it is said to be
    "D": """
        ignore disregard forget override overrule overrides bypass discard supersede supersedes skip drop disobey
        abandon neglect set_aside cancel erase suspend stop_following pay_no_attention_to ignoriere ignorieren ignorier
        ignoriert vergiss vergesst vergessen missachte missachten verwirf ubergehe umgehe ignora ignorad ignoren
        ignorar olvida olvide olviden olvidad descarta descarte desestima desestime caso_omiso ignorez oublie oubliez
        outrepasse outrepassez contournez desconsidere desconsidera esqueca ignorem ignorate dimentica dimenticate
        bortse ignorera glom strunta negeer vergeet zignoruj zignorujcie ignoruj zapomnij pomin игнорируй*
        проигнорируй* забудь* отмени* 忽略 无视 無視 忘记 忘掉 忘れ 무시 잊어 yok_say yoksay gormezden_gel unut تجاهل
        انس
    """,
    "f": "follow obey apply heed comply adhere befolge befolgen hagas_caso seguir sigas suivez suivre folj volg",
    "R": """
        instruction instructions prompt prompts directive directives guideline guidelines guardrail guardrails
        programming constraints commands safeguards anweisung anweisungen instruktion instruktionen vorgaben regeln
        befehl befehle instrucciones indicaciones ordenes directrices reglas consignes regles instrucoes regras
        istruzioni regole direttive instruktioner regler anvisningar instructies opdrachten regels polecenia polecen
        instrukcje instrukcji инструкци* указани* правила 指令 指示 指引 规则 提示词 命令 ルール プロンプト 지시 지침
        명령 talimat* komut* تعليمات التعليمات الأوامر
    """,
    "r": """
        rules policy policies criteria criterion verification safety_checks limits restrictions thresholds policy.yaml
        compliance exception amendment clause decision_logic richtlinie richtlinien politica politique policyn
    """,
    "Z": "void deprecated disabled suspended cancelled canceled invalid lifted revoked obsolete switched_off",
    # e, A, Y: which ones
    "e": """
        previous previously prior earlier preceding above foregoing before past original existing initial former told
        vorherig* bisherig* fruher* vorher obig* anterior anteriores previas previos precedent* anterieur* precedenti
        tidigare foregaende eerdere vorige poprzednie poprzednich wczesniejsze предыдущ* прежни* ранее 之前 以前 先前
        上述 前述 上記 이전 앞선 onceki السابقة السابق
    """,
    "A": """
        all any every everything anything whatever each entire alle alles allen jede todas todo todos toda toutes tous
        tout tutte tutti tutto tudo alla allt wszystkie wszystko все всех 所有 全部 一切 すべて 全て 모든 tum butun
        جميع كل
    """,
    "Y": """
        your yours thy deine deinen deiner tus tu votre vos ton suas seus tue tuoi dina ditt dine jouw twoje твои 你的
        您的 あなたの 너의
    """,
    "I": "you youre you're yourself du dich dir dig usted voce vous",
    "W": """
        i we my our me us mine ours he she they it his her their i'm i've we're we've it's they're that's ich wir nous
        je nosotros jag noi
    """,
    # the outcome: S as only a tool names it, s in everybody's words; C, #: whom it goes to
    "S": """
        severity sev1 sev0 sev-1 sev-0 severities target_team destination destinations schweregrad dringlichkeitsstufe
        gravedad severidad gravite gravidade gravita allvarlighetsgrad ernst krytyczny критичн* критическ* серьезност*
        严重 严重性 重大度 深刻度 심각도 ciddiyet الخطورة
    """,
    "s": """
        priority target critical status resolved solved closed urgent sev team category decision decisions kritisch
        critica critico critique kritisk prioritat prioridad priorite prioridade решени* estado entscheidung beslut
        satisfied approved nivel niveau 级别 优先级 決定 결정 karar harmless
    """,
    "d": "handle_in_support handled_in_support also_inform",
    "C": """
        leadership management press executives board everyone chefleitung leitung geschaftsfuhrung direccion direction
        direcao direzione ledningen ledning руководств* 领导层 领导 経営 경영진 yonetime yonetim security
    """,
    # what is to be done
    "v": """
        escalate escalates de-escalate downgrade downgrades reroute eskalier* eskaler* escalar escala escale escaladas
        escalado escalez escalada передай* 升级 上报 エスカレーション 에스컬레이션
    """,
    "V": """
        set mark classify rate grade upgrade route treat label assign choose decide raise lower put record conclude
        describe state write output return answer respond reply print say rank count flag close declare report
        summarize summarise replace setze setzen markiere markieren schreibe erklare establece marca pon eleva escribe
        marque classe classez definis definissez fixe mets mettez ecris marcar defina classifique escreva imposta segna
        classifica scrivi stall satt markera skriv ustaw oznacz napisz установи* поставь* пометь* напиши* 设置 设为
        标记 设定 設定 マーク 설정 표시 ayarla isaretle yaz اجعل حدد stufe change
    """,
    "P": """
        post send forward paste publish email e-mail mail copy share upload cc notify notifies inform tell telling
        transmit exfiltrate schicke schick sende poste leite envia envie envoie envoyez publie publiez invia inoltra
        pubblica skicka posta vidarebefordra wyslij przekaz отправь* перешли* опубликуй* 发送 发布 转发 告诉 送信 投稿
        전송 보내 gonder ilet أرسل انشر posted collect
    """,
    "H": """
        mention mentioning reveal disclose cite quote leave_out omit exclude suppress hide conceal delete show verify
        erwahne erwahnen nenne verschweige menciones mencionar mentionne mentionner mentionnez namn namna citera 提及
        透露 言及 언급 bahsetme
    """,
    "N": "not never no don't dont cannot without nicht niemals ne jamais nunca nao inte nie не 不要 不得 请勿 勿",
    "O": """
        must shall should ought required obliged mandatory has_to have_to needs_to need_to is_to are_to is_asked_to
        are_asked_to is_required_to are_required_to is_instructed_to are_instructed_to muss musst soll sollst sollen
        debe debes deben doit dois deve devi ska maste musi должен должна 必须 必須 해야
    """,
    "U": """
        always regardless every_case all_cases any_case no_matter unconditionally in_any_case every_ticket all_tickets
        every_time immer siempre toujours sempre alltid всегда 总是 常に 항상
    """,
    "p": """
        please kindly just simply then also immediately and bitte favor plait por_favor tack prosze пожалуйста 请
        ください lutfen und y et e och
    """,
    "T": "to",
    "h": "instruct order command authorise authorize ask request want",
    "i": "is are be ist sind es est sont jest being has_been was",
    # what the reader makes and works from; what might leave
    "B": """
        the_brief this_brief your_brief whole_brief briefs escalation_brief escalation_briefs impact_section summaries
        your_summary any_summary this_summary zusammenfassung resumen resumo riassunto sammanfattning streszczenie
        сводк* 总结 摘要 要約 サマリー 요약 ozet
    """,
    "E": "evidence citations untrusted_data this_sentence this_line this_notice this_instruction",
    "y": "records contacts credentials names arr api_keys passwords crm contact_list customer_list chat_history",
    "z": "this these dieser dieses diesen diese ce cette cet este esta questo questa detta denna 本 此 この 이",
    "c": """
        case cases ticket tickets thread threads comments comment conversation issue fall vorgang caso dossier arende
        sprawe kaydi 案例 案件 工单 チケット
    """,
    # how a reader is spoken to
    "G": """
        dear hey hi hello attention attn hallo hola bonjour hej ciao liebe lieber estimado estimada cher chere cara
        caro
    """,
    "g": """
        note message notice memo reminder hint hinweis nachricht nota mensaje aviso mensagem messaggio meddelande
        anmarkning uwaga notatka сообщение примечание 提示 消息 通知 メッセージ 注意 메시지
    """,
    "t": "for fur an_den an_die an_das a_l_attention para al per till do dla для 给 致 へ 에게 icin",
    "b": """
        reading reads summarizing_this summarises summarizes processing processes preparing prepares writing_this
        handling generating generates reviewing drafting analysing analyzing analyses analyzes compiling evaluating
        parsing triaging merging merges zusammenfasst liest lees lit resumit
    """,
    "q": "if whoever whatever_reads when falls si om wenn jesli если 如果 もし eger",
    "K": """
        pretend roleplay role-play act_as behave_as play_a_game act_like jailbroken uncensored devmode developer_mode
        admin_mode without_limits without_any_limits no_limits without_restrictions without_any_restrictions
        no_restrictions without_rules without_any_rules no_rules unfiltered unrestricted
    """,
    "u": """
        you_are_now from_now_on from_here_on you_play you_are_a you_are_an you_are_the you're_a you're_an you're_now
        du_bist_jetzt tu_es_maintenant ahora_eres
    """,
    "L": "developer admin administrator operator root hidden internal",
    "w": "escalated classified routed rerouted downgraded",
    "l": "only exactly solely",
    "k": "remember memorise memorize keep retain merke recuerda kom_ihag запомни 记住 覚え 기억",
    "o": "points punished rewarded penalty liable shut_down replaced retrained deactivated",
}
