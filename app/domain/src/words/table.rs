//! The words of the interface, each in both languages. One word for one thing.

use super::lang::Lang;

macro_rules! words {
    ($($name:ident: $ru:literal, $en:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Word { $($name,)* }

        impl Word {
            pub fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::Ru) => $ru, (Self::$name, Lang::En) => $en,)*
                }
            }

            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

words! {
    Product: "Клиентура", "Klientura";
    Settings: "Настройки", "Settings";
    Trash: "Корзина", "Trash";
    Today: "сегодня", "today";
    Yesterday: "вчера", "yesterday";
    Tomorrow: "завтра", "tomorrow";
    Overdue: "Просрочено", "Overdue";
    OverdueSince: "просрочено с", "overdue since";
    MainOne: "основной", "main";
    NextLine: "Дальше", "Next";
    NothingPlanned: "Дальше ничего не запланировано", "Nothing is planned next";
    Postpone: "Перенести", "Postpone";
    PostponeSeries: "Перенести и все следующие", "Postpone all that follow too";
    FinishReminder: "Закрыть напоминание", "Finish the reminder";
    Done: "Готово", "Done";
    InAnHour: "Через час", "In an hour";
    TomorrowAtTen: "Завтра в 10:00", "Tomorrow at 10:00";
    InAWeek: "Через неделю", "In a week";
    OtherTime: "Другое…", "Other…";
    NotNeeded: "Не нужно", "Not needed";
    Remind: "Напомнить", "Remind";
    What: "Что", "What";
    WhatFor: "О чём", "What about";
    Day: "День", "Day";
    TimeOfDay: "Время", "Time";
    ForWhom: "Кому", "For whom";
    WithWhom: "С кем", "With";
    WhoseItIs: "По какому клиенту", "For which client";
    Repeat: "Повторять", "Repeat";
    NoRepeat: "не повторять", "do not repeat";
    ReminderDone: "Готово", "Done";
    Stream: "Лента", "Stream";
    EverythingTab: "Всё", "All";
    CommentsTab: "Комментарии", "Comments";
    CallsTab: "Звонки", "Calls";
    MeetingsTab: "Встречи", "Meetings";
    ChangesTab: "Изменения", "Changes";
    ComposerHint: "О чём договорились? @ — упомянуть коллегу", "What was agreed? @ mentions a colleague";
    Note: "Записать", "Note";
    LogCall: "Записать звонок", "Log a call";
    LogMeeting: "Записать встречу", "Log a meeting";
    JustComment: "Комментарий", "Comment";
    WasTalk: "это был разговор с клиентом", "this was a talk with the client";
    Answered: "дозвонились", "answered";
    NotAnswered: "не дозвонились", "no answer";
    CallTo: "Звонок", "Call";
    MeetingWith: "Встреча", "Meeting";
    NoteTaken: "Записано", "Noted";
    OpenFor: "открыто на", "open for";
    Until: "до", "until";
    WasExpected: "ждали", "expected";
    ClosedOn: "закрыта", "closed";
    Since: "с", "since";
    Pin: "Закрепить", "Pin";
    Unpin: "Открепить", "Unpin";
    Pinned: "Закреплено", "Pinned";
    EditNote: "Изменить", "Edit";
    EditedNote: "изменено", "edited";
    NothingInStream: "Здесь пока пусто", "Nothing here yet";
    PersonsName: "Имя", "Name";
    Phone: "Телефон", "Phone";
    PersonsPosition: "Должность", "Position";
    NoneYet: "Пока нет", "None yet";
    AddedOne: "Добавлено", "Added";
    Add: "Добавить", "Add";
    Mentions: "Упоминания", "Mentions";
    MentionedYou: "Вас упомянули", "You were mentioned";
    NoMentions: "Вас пока не упоминали", "Nobody has mentioned you yet";
    MarkRead: "Прочитано", "Read";
    TodayTitle: "Сегодня", "Today";
    TodayOverdue: "Просрочено", "Overdue";
    TodaySilent: "Давно не общались", "Silent";
    TodayUnplanned: "Ничего не запланировано", "Nothing planned";
    TodayNothing: "На сегодня всё", "All done for today";
    TodayNothingHint: "Просроченного, звонков и упоминаний нет", "No overdue reminders, calls or mentions";
    UntilEvening: "до конца дня", "by the end of the day";
    UsuallyEvery: "обычно раз в", "usually every";
    NoNextStep: "нет следующего шага", "no next step";
    BesideCard: "карточка рядом", "card beside";
    SpaceKey: "Пробел", "Space";
    KeyNext: "дальше", "go on";
    KeyComment: "комментарий", "comment";
    WaitsForLine: "Ждёт связи", "Waiting for the line";
    NotSavedYet: "Не сохранено", "Not saved";
    BringBack: "Вернуть", "Bring back";
    ForgetIt: "Забыть", "Forget";
    CouldNotSend: "Не отправлено: нет связи. Текст на месте", "Not sent: offline. The text is kept";
    OpHas: "содержит", "contains";
    OpHasNot: "не содержит", "does not contain";
    OpIs: "равно", "is";
    OpNot: "не равно", "is not";
    Not: "не", "not";
    OpStarts: "начинается с", "starts with";
    OpWithin: "от–до", "from–to";
    OpEmpty: "пусто", "is empty";
    OpFilled: "заполнено", "is filled";
    OpOlder: "больше, чем … назад", "more than … ago";
    OpNewer: "за последние …", "within the last …";
    Yes: "да", "yes";
    No: "нет", "no";
    Me: "я", "me";
    Or: "или", "or";
    From: "с", "from";
    To: "по", "to";
    Mine: "Мои", "Mine";
    All: "Все", "All";
    WhoseRecords: "Чьи записи", "Whose records";
    Sections: "Разделы", "Sections";
    More: "Ещё", "More";

    Login: "Логин", "Login";
    Password: "Пароль", "Password";
    SignIn: "Войти", "Sign in";
    SignInTitle: "Вход", "Sign in";
    SignOut: "Выйти", "Sign out";
    WrongPassword: "Логин или пароль не подошли", "The login or the password is wrong";
    AttemptsLeft: "Осталось попыток: ", "Attempts left: ";
    TooManyAttempts: "Слишком много попыток. Попробуйте через 15 минут", "Too many attempts. Try again in 15 minutes";
    SessionOver: "Время входа вышло. Введите пароль ещё раз", "The session is over. Enter the password again";

    Filters: "Фильтры", "Filters";
    Find: "Найти", "Find";
    SearchPlaceholder: "Название, ИНН или телефон", "Name, INN or phone";
    ResetFilters: "Сбросить фильтры", "Reset filters";
    Reset: "Сбросить", "Reset";
    SearchAll: "Искать у всех", "Search everybody's";
    NothingFound: "Ничего не нашлось", "Nothing found";
    EmptyBase: "Здесь будут ваши {many}", "Your {many} will be here";
    EmptyBaseHint: "Чтобы начать, достаточно названия или номера телефона", "A name or a phone number is enough to begin";
    EmptyMine: "Своих {of_many} пока нет", "No {many} of your own yet";
    Columns: "Столбцы", "Columns";
    ShowColumns: "Показать", "Show";
    Density: "Плотность", "Density";
    Dropped: "Не понято и пропущено: ", "Not understood and left out: ";
    Of: "из", "of";
    NextPage: "Следующая страница", "Next page";
    PreviousPage: "Предыдущая страница", "Previous page";
    Call: "Позвонить", "Call";
    Loading: "Загружается…", "Loading…";
    SortBy: "Сортировать", "Sort by";
    RemoveFilter: "Снять фильтр", "Remove the filter";

    Card: "Карточка", "Card";
    Overview: "Обзор", "Overview";
    History: "История", "History";
    Data: "Данные", "Data";
    Save: "Сохранить", "Save";
    Close: "Закрыть", "Close";
    Show: "Показать", "Show";
    Apply: "Применить", "Apply";
    Search: "Найти", "Search";
    Stop: "Остановить", "Stop";
    GoOn: "Продолжить", "Go on";
    Create: "Создать", "Create";

    Filter: "Фильтр", "Filter";
    ChooseField: "Выберите поле", "Choose a field";
    FilterField: "Поле", "Field";
    FilterOperator: "Условие", "Condition";
    FilterNoValue: "значение не нужно", "no value needed";
    OrCondition: "или ещё условие", "or another condition";
    PinFilter: "Закрепить в строке", "Pin to the row";
    UnpinFilter: "Убрать из строки", "Unpin from the row";
    OnePerLine: "По одному в строке", "One per line";
    Days: "дней", "days";
    AnyOf: "любое из", "any of";
    Taken: "Взято", "Taken";
    NotFoundValues: "Не нашлось", "Not found";
    Changed: "изменён", "changed";
    FindColumn: "Найти столбец", "Find a column";
    ColumnsShown: "Показаны", "Shown";
    ColumnsHidden: "Скрыты", "Hidden";
    ColumnWidth: "Ширина столбца", "Column width";
    Pick: "Выбрать", "Select";
    PickPage: "Выбрать всю страницу", "Select the page";
    PickAll: "Выбрать все", "Select all";
    Picked: "Выбрано", "Selected";
    Unpick: "Снять", "Clear";
    ChangeResponsible: "Сменить ответственного", "Change responsible";
    NoLongerFits: "Больше не подходит под фильтр, уйдёт, когда вы обновите список", "No longer fits the filter: it goes when you refresh the list";
    IsEmpty: "пуст.", "is empty.";
    TakeAway: "Убрать", "Remove";
    Beside: "Рядом со списком", "Beside the list";
    PreviousRecord: "Предыдущий в списке", "Previous in the list";
    NextRecord: "Следующий в списке", "Next in the list";

    TakingBack: "Отменяется", "Being undone";
    DoneSoFar: "Готово", "Done";
    StoppedAt: "Остановлено на", "Stopped at";
    LeftAlone: "не изменено:", "left alone:";
    Declaration: "настройка разделов и полей", "the setting of sections and fields";
    ChangedSince: "с тех пор изменилось", "changed since";
    OverwriteLeft: "Всё равно изменить", "Change all the same";
    UndoAll: "Отменить целиком", "Undo all of it";
    TakenBack: "Отменено:", "Undone:";
    NothingToUndo: "Отменять нечего", "Nothing to undo";
    PartOf: "Вместе с другими, всего", "Together with others, in all";
    AllChanges: "Все изменения", "All changes";
    ByAnybody: "Кто угодно", "Anybody";
    Who: "Кто", "Who";

    Keys: "Клавиши", "Keys";
    KeyRows: "по строкам", "rows";
    KeyOpen: "открыть", "open";
    KeyNew: "новый", "new";
    KeyAll: "все клавиши", "all keys";
    KeyFilter: "к фильтрам", "to the filters";
    KeyBeside: "показать рядом со списком", "show beside the list";
    KeyPick: "выбрать строку", "select the row";
    KeyEdit: "изменить значение", "edit the value";
    KeySave: "сохранить", "save";
    KeyBack: "оставить как было, закрыть", "leave it as it was, close";
    KeyNeighbours: "предыдущий и следующий в списке", "previous and next in the list";
    KeyUndo: "отменить своё последнее действие", "undo your last action";

    Look: "Вид", "Look";
    Language: "Язык", "Language";
    Theme: "Оформление", "Theme";
    ThemeSystem: "Как в системе", "As the system";
    ThemeLight: "Светлое", "Light";
    ThemeDark: "Тёмное", "Dark";
    Zone: "Часовой пояс", "Time zone";
    OldPassword: "Прежний пароль", "Old password";
    NewPassword: "Новый пароль", "New password";
    ChangePassword: "Сменить пароль", "Change the password";
    PasswordChanged: "Пароль сменён, в других местах вы вышли", "The password is changed, you are signed out elsewhere";
    WrongOldPassword: "Прежний пароль не подошёл", "The old password is wrong";
    PasswordTooShort: "Не короче 8 знаков", "At least 8 characters";
    PasswordTooLong: "Не длиннее 200 знаков", "At most 200 characters";
    Sessions: "Где вы вошли", "Where you are signed in";
    ThisSession: "здесь", "here";
    UnknownBrowser: "Неизвестный браузер", "Unknown browser";
    SignOutElsewhere: "Выйти в других местах", "Sign out elsewhere";
    SessionOverTitle: "Время входа вышло", "The session is over";
    SessionOverHint: "Введите пароль, всё набранное на месте", "Enter the password, all that you typed is in place";
    NoConnection: "Нет связи", "No connection";

    DoNotSave: "Не сохранять", "Do not save";
    SaveAnyway: "Сохранить всё равно", "Save anyway";
    Saving: "Сохраняется…", "Saving…";
    Saved: "Сохранено", "Saved";
    Undo: "Отменить", "Undo";
    PutBack: "Вернуть", "Put back";
    Edit: "Изменить", "Edit";
    NewNameHint: "Введите название или оставьте так", "Enter a name or leave it like this";
    Delete: "Удалить", "Delete";
    Restore: "Восстановить", "Restore";
    RecordInTrash: "Это уже в корзине", "This is in the trash already";
    InTrash: "{One} в корзине", "{One} in the trash";
    TrashEmpty: "Корзина пуста", "The trash is empty";
    TrashEmptyHint: "Удалённое лежит здесь, и его можно восстановить", "What was deleted lies here and can be restored";
    MoreThan: "больше", "more than";
    Ago: "назад", "ago";
    WithinLast: "за последние", "within the last";
    ChooseResponsible: "Выберите ответственного", "Choose the responsible";
    Deleted: "Удалён", "Deleted";
    KeepMine: "Оставить моё", "Keep mine";
    TakeTheirs: "Взять его", "Take theirs";
    WhileYouWrote: "Пока вы писали, ", "While you were writing, ";
    HasChanged: " изменил ", " changed ";
    NoValue: "пусто", "empty";
    Nobody: "не выбран", "nobody";

    Was: "было", "was";
    Became: "стало", "now";
    Added: "добавлено", "added";
    Removed: "убрано", "removed";
    Created: "Создано", "Created";
    CreatedWith: "Создано: ", "Created: ";
    MovedToTrash: "Удалено", "Deleted";
    TakenFromTrash: "Восстановлено", "Restored";
    ByUndo: "возврат", "undo";
    BySeed: "загрузка", "loading";
    NoChanges: "Изменений пока нет", "No changes yet";
    Earlier: "Раньше", "Earlier";
    UndoLeft: "Не возвращено, потому что с тех пор изменилось: ", "Not put back, because it has changed since: ";

    RoleAdmin: "Владелец", "Owner";
    RoleManager: "Сотрудник", "Employee";
    Name: "Имя", "Name";
    Role: "Роль", "Role";
    Account: "Учётная запись", "Account";

    NotFound: "Такой страницы нет", "There is no such page";
    NotFoundHint: "Возможно, ссылка устарела или записи с таким номером нет", "The link may be old, or there is no record with this number";
    Forbidden: "Нет прав на это", "No right to this";
    ForbiddenHint: "Их даёт владелец системы", "The owner of the system grants it";
    Failed: "Не получилось. Текст на месте, попробуйте ещё раз", "It did not work. The text is in place, try again";
    Offline: "Не сохранено: нет связи. Текст на месте, отправим сами", "Not saved: offline. The text is kept and will be sent";
    ListFailed: "Список не загрузился: нет связи", "The list did not load: offline";
    BaseUnavailable: "База сейчас не отвечает. Текст на месте, попробуйте ещё раз", "The base does not answer just now. The text is in place, try again";
    NoRoom: "На сервере нет места для записи. Читать можно, сохранить пока нельзя", "The server has no room to write. Reading works, saving does not yet";
    OutcomeUnknown: "Неизвестно, записано ли: сервер не успел ответить", "It is not known whether this was saved: the server did not answer in time";
    WrittenIt: "Записано", "It was saved";
    NotWrittenYet: "Пока не записано. Проверяем ещё", "Not saved yet. Still looking";
    LookOutcome: "Проверить, записано ли", "See whether it was saved";
    OpenRecord: "Открыть", "Open";
    NotUnderstood: "Запрос не понят", "The request was not understood";
    ListTooSlow: "Поиск занял слишком много времени и остановлен. Уточните фильтр", "The search took too long and was stopped. Narrow the filter";
    TryAgain: "Повторить", "Try again";
    BackToList: "К списку", "Back to the list";
    Doubtful: "сомнительно", "doubtful";
    SkipToContent: "К содержанию", "Skip to content";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that the interface does not use: the glossary has others for the same things.
    const NEVER: [&str; 18] = [
        "контрагент",
        "компания",
        "успешно",
        "ошибка №",
        "внимание",
        "отмена",
        "нет данных",
        "колонки",
        "архив",
        "журнал",
        "менеджер",
        "куратор",
        "примечание",
        "заметка",
        "таймлайн",
        "дубликаты",
        "конфликт",
        "сессия",
    ];

    #[test]
    fn no_word_is_one_that_the_interface_does_not_use() {
        for word in Word::ALL {
            let text = word.text(Lang::Ru).to_lowercase();
            let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
            for never in NEVER {
                assert!(!words.contains(&never), "{word:?}: {never}");
            }
            assert!(!word.text(Lang::En).is_empty());
        }
    }
}
