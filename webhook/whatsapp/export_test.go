package whatsapp

// For tests.
var (
	ProperName = properName
	CodeIn     = codeIn
	Split      = split
	Cleaned    = cleaned
)

const (
	AnswerTime = answerTime
	WorkTime   = workTime
)
