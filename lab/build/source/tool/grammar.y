%{
#include <stdio.h>
#include "version.h"
int yylex(void);
void yyerror(const char *text) { fprintf(stderr, "patchclient: %s\n", text); }
%}
%token NUMBER
%%
sum: term { printf("%d by tars %s\n", $1, tars_version()); };
term: NUMBER | term '+' NUMBER { $$ = $1 + $3; };
%%
int main(void) { return yyparse(); }
