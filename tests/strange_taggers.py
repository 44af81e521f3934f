"""Taggers for tests of faults: quick, since they read nothing, and led by what an article says."""

import os
import signal
import time
from collections.abc import Iterable, Iterator

from pipeline.records import Article, Sentence, TaggedArticle
from pipeline.tag.tagger import Tagger


class Strange(Tagger):
    """Finds one sentence in each article, and does to its process what the article says."""

    def tag(self, articles: Iterable[Article]) -> Iterator[TaggedArticle]:
        for article in articles:
            if "SLOW" in article.text:
                time.sleep(0.2)
            if "POISON" in article.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "HANG" in article.text:
                time.sleep(3600)
            if "ERROR" in article.text:
                raise ValueError("seven is no verb")
            yield TaggedArticle(
                doc_id=article.doc_id or "",
                coder_version=self.coder_version,
                sentences=(Sentence(0, len(article.text)),),
                article_id=article.article_id,
            )


class Fragile(Tagger):
    """Ends its process before it can tag."""

    def tag(self, articles: Iterable[Article]) -> Iterator[TaggedArticle]:
        os._exit(7)
