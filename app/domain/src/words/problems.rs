//! Problems as sentences.

use super::count::plural_ru;
use super::lang::Lang;
use crate::problem::Code;

/// «В ИНН ошибка: нужно 10 или 12 цифр, здесь 9»
pub fn sentence(code: &Code, lang: Lang) -> String {
    match lang {
        Lang::Ru => ru(code),
        Lang::En => en(code),
    }
}

fn ru(code: &Code) -> String {
    let digits = |count: &u32| format!("{count} {}", plural_ru(i64::from(*count), "цифра", "цифры", "цифр"));
    match code {
        Code::TooLong { chars_max } => format!("Слишком длинно: здесь помещается {chars_max} знаков"),
        Code::TooManyLines { lines_max } => format!("Слишком много: здесь помещается {lines_max}"),
        Code::NotWithin { from, to } => format!("Здесь нужно число от {from} до {to}"),
        Code::Missing => "Здесь пусто: напишите хотя бы слово".into(),
        Code::Required => "Это поле не бывает пустым: укажите значение".into(),
        Code::NotAMoment => "Здесь нужны день и время не раньше 2000 и не позже 2100 года".into(),
        Code::Namesakes { names } => format!("С этим именем не один человек, напишите кто: {names}"),
        Code::CannotMention { name } => format!("Упомянуть нельзя: {name} здесь больше не работает"),
        Code::ControlCharacter => "В тексте есть недопустимые знаки".into(),
        Code::InnDigits => "В ИНН ошибка: здесь нужны только цифры".into(),
        Code::InnLength { digits: count } => format!("В ИНН ошибка: нужно 10 или 12 цифр, здесь {}", digits(count)),
        Code::InnZeros => "В ИНН ошибка: одни нули".into(),
        Code::InnCheckDigit => "В ИНН ошибка: не сходится контрольная цифра".into(),
        Code::KppShape => "В КПП ошибка: нужно 9 знаков, например 770701001".into(),
        Code::OgrnLength { digits: count } => format!("В ОГРН ошибка: нужно 13 или 15 цифр, здесь {}", digits(count)),
        Code::OgrnDigits => "В ОГРН ошибка: здесь нужны только цифры".into(),
        Code::OgrnFirstDigit => "В ОГРН ошибка: он начинается с 1 или 5, а ОГРНИП с 3".into(),
        Code::OgrnCheckDigit => "В ОГРН ошибка: не сходится контрольная цифра".into(),
        Code::PhoneDigits => "В телефоне ошибка: нужны цифры, например +7 912 345-67-89".into(),
        Code::OnePhone => "Здесь помещается один номер: второй запишите в другом месте".into(),
        Code::EmailShape => "В адресе почты ошибка: он выглядит как office@romashka.ru".into(),
        Code::OneEmail => "Здесь помещается один адрес: другие запишите в другом месте".into(),
        Code::LinkScheme => "Здесь нужен адрес сайта: http или https".into(),
        Code::LinkShape => "Адрес сайта выглядит как romashka.ru".into(),
        Code::NotAnInteger => "Здесь нужно целое число".into(),
        Code::NotAnAmount => "Здесь нужна сумма, например 148 300 или 148 300,50".into(),
        Code::NotADate => "Здесь нужна дата, например 01.06.2026".into(),
        Code::NotYesNo => "Здесь нужно «да» или «нет»".into(),
        Code::UnknownChoice => "Такого значения в списке нет".into(),
        Code::UnknownRecord => "Такой записи нет".into(),
        Code::UnknownEmployee => "Такого сотрудника нет".into(),
        Code::ReadOnly => "Это значение ставит система".into(),
        Code::UnknownField => "Такого поля нет".into(),
    }
}

fn en(code: &Code) -> String {
    let digits = |count: &u32| if *count == 1 { "1 digit".to_string() } else { format!("{count} digits") };
    match code {
        Code::TooLong { chars_max } => format!("Too long: {chars_max} characters fit here"),
        Code::TooManyLines { lines_max } => format!("Too many: {lines_max} fit here"),
        Code::NotWithin { from, to } => format!("A number from {from} to {to} is needed here"),
        Code::Missing => "Nothing is written here: a word is enough".into(),
        Code::Required => "This field is never empty: give it a value".into(),
        Code::NotAMoment => "A day and time between 2000 and 2100 are needed here".into(),
        Code::Namesakes { names } => format!("Several people have this name, say which: {names}"),
        Code::CannotMention { name } => format!("{name} does not work here any more and cannot be mentioned"),
        Code::ControlCharacter => "The text has characters that cannot be kept".into(),
        Code::InnDigits => "INN is wrong: digits only".into(),
        Code::InnLength { digits: count } => {
            format!("INN is wrong: 10 or 12 digits are needed, here {}", digits(count))
        }
        Code::InnZeros => "INN is wrong: nothing but zeros".into(),
        Code::InnCheckDigit => "INN: check digit is wrong".into(),
        Code::KppShape => "KPP is wrong: 9 characters, such as 770701001".into(),
        Code::OgrnLength { digits: count } => {
            format!("OGRN is wrong: 13 or 15 digits are needed, here {}", digits(count))
        }
        Code::OgrnDigits => "OGRN is wrong: digits only".into(),
        Code::OgrnFirstDigit => "OGRN is wrong: it begins with 1 or 5, OGRNIP with 3".into(),
        Code::OgrnCheckDigit => "OGRN: check digit is wrong".into(),
        Code::PhoneDigits => "The phone is wrong: digits are needed, such as +7 912 345-67-89".into(),
        Code::OnePhone => "One number fits here: the second one needs a place of its own".into(),
        Code::EmailShape => "The e-mail address is wrong: it looks like office@romashka.ru".into(),
        Code::OneEmail => "One address fits here: the others need places of their own".into(),
        Code::LinkScheme => "A web address is needed here: http or https".into(),
        Code::LinkShape => "A web address looks like romashka.ru".into(),
        Code::NotAnInteger => "A whole number is needed here".into(),
        Code::NotAnAmount => "An amount is needed here, such as 148300 or 148300.50".into(),
        Code::NotADate => "A date is needed here, such as 2026-06-01".into(),
        Code::NotYesNo => "Yes or no is needed here".into(),
        Code::UnknownChoice => "The list has no such value".into(),
        Code::UnknownRecord => "There is no such record".into(),
        Code::UnknownEmployee => "There is no such employee".into(),
        Code::ReadOnly => "The system sets this value".into(),
        Code::UnknownField => "There is no such field".into(),
    }
}
