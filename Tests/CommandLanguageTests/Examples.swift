/// Texts in the language that several tests read.
enum Examples {
  /// The commands that the texts use.
  static let commands: Set<String> = [
    "load", "dataset", "read_csv", "head", "merge", "crosstab", "dataloaders", "show_batch",
    "one_batch", "learner", "collab_learner", "summary", "parameters", "emb_sizes", "fit",
    "fit_one_cycle", "lr_find", "validate", "plot_loss", "seed", "bias", "similar", "pca",
    "recommend", "predict", "plot", "scatter", "vars", "print", "del", "reset", "undo", "save",
    "restore", "history", "set", "run", "record", "export", "help", "apropos", "quit", "exit",
    "hint", "list",
  ]

  /// The forms of Python, each at least once.
  static let python = #"""
    import numpy as np
    from torch import (nn, optim as o)
    class A(nn.Module):
        "A model."
        def __init__(self, n, *rest, low=0, **options):
            super().__init__()
            self.a, self.b = Embedding(n, 3), {'k': [1, 2], **options}
            for i, (x, *y) in enumerate(rest):
                if x is not None and 0 < i <= 3:
                    self.b[x] = lambda z, w=1: z if z else w

                elif not x: continue
                else:
                    break

        def forward(self, x):
            # where
            with torch.no_grad():
                assert x.shape[0] > 0, f'{x!r:>10} {low=}'
            while True:
                x += 1; x //= 2
                return self.a(x[::-1, None])
    a = b = [i for j in range(3) if j for i in range(j)]
    first, *others = sorted((k, v) for k, v in {c: 0x1F for c in 'ab' r'\d'}.items())
    %time fit 1
    """#

  /// The code of the chapter, cell by cell.
  static let chapter = #"""
    # 1–2  imports: nothing to do
    # 3–4  the data
    path = dataset ml-100k
    ratings = read_csv path/'u.data' delimiter='\t' header=none names=[user,movie,rating,timestamp]
    ratings.head()
    # 5–9  explicit latent factors
    last_skywalker = array([0.98,0.9,-0.9])
    user1 = array([0.9,0.8,-0.6])
    (user1*last_skywalker).sum()
    #> 2.1420000000000003
    casablanca = array([-0.99,-0.3,0.8])
    (user1*casablanca).sum()
    #> -1.611
    # 10–11  titles
    movies = read_csv path/'u.item' delimiter='|' encoding=latin-1 usecols=(0,1) names=[movie,title] header=none
    movies.head()
    ratings = ratings.merge(movies)
    ratings.head()                                  # 3–11 ≡ load ml-100k ; head ratings
    # 12–13
    dls = dataloaders ratings item=title bs=64
    show_batch
    dls.classes
    # 14–17  an embedding is a one-hot multiplication
    n_users  = len(dls.classes['user'])
    n_movies = len(dls.classes['title'])
    n_factors = 5
    user_factors  = randn(n_users, n_factors)
    movie_factors = randn(n_movies, n_factors)
    one_hot_3 = one_hot(3, n_users).float()
    user_factors.t() @ one_hot_3
    user_factors[3]
    (user_factors.t() @ one_hot_3).allclose(user_factors[3])
    #> true
    # 18–19  a class
    model Example(a) {
        say(x) = f'Hello {a}, {x}.'
    }
    ex = Example('Sylvain')
    ex.say('nice to meet you')
    #> Hello Sylvain, nice to meet you.
    # 20  DotProduct
    model DotProduct(n_users, n_movies, n_factors) {
        user_factors  = Embedding(n_users, n_factors)
        movie_factors = Embedding(n_movies, n_factors)
        forward(x) {
            users  = user_factors(x[:,0])
            movies = movie_factors(x[:,1])
            (users * movies).sum(dim=1)
        }
    }
    # 21
    x, y = one_batch
    x.shape
    #> [64, 2]
    # 22–23
    m = DotProduct(n_users, n_movies, 50)
    learn = learner m loss=mse                       # or: Learner(dls, m, loss_func=MSELossFlat())
    fit 5 5e-3                                       # ≡ learn.fit_one_cycle(5, 5e-3)
    # 24–25  sigmoid_range
    model DotProductRange(n_users, n_movies, n_factors, y_range=(0,5.5)) {
        user_factors  = Embedding(n_users, n_factors)
        movie_factors = Embedding(n_movies, n_factors)
        forward(x) = sigmoid_range((user_factors(x[:,0]) * movie_factors(x[:,1])).sum(dim=1), *y_range)
    }
    learn = learner DotProductRange(n_users,n_movies,50)
    fit 5 5e-3                                       # ≡ learner dot factors=50 y_range=(0,5.5)
    # 26–27  bias: the block of 2.5
    learn = learner DotProductBias(n_users,n_movies,50)
    fit 5 5e-3                                       # ≡ learner dotbias factors=50
    # 28  what weight decay prefers
    x = linspace(-2, 2, 100)
    plot x [a*x**2 for a in [1,2,5,10,50]] labels=[f'a={a}' for a in [1,2,5,10,50]] ylim=(0,5)
    # 29  weight decay; a negative one shows the opposite
    learn = learner DotProductBias(n_users,n_movies,50)
    fit 5 5e-3 wd=0.1
    learn = learner DotProductBias(n_users,n_movies,50)
    fit 1 5e-3 wd=-0.01
    # 30–33  what is a parameter?
    L(range(10))
    #> (#10) [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    model T { a = ones(3) }
    L(T().parameters())
    #> (#0) []
    model T { a = Parameter(ones(3)) }
    L(T().parameters())
    #> (#1) [Parameter containing: tensor([1., 1., 1.], requires_grad=True)]
    model T { a = Linear(1, 3, bias=false) }
    t = T()
    L(t.parameters())
    #> (#1) [Parameter containing: tensor([[…], […], […]], requires_grad=True)]
    type(t.a.weight)
    #> Parameter
    # 34–36  our own embedding
    def create_params(size) = Parameter(zeros(*size).normal_(0, 0.01))
    model DotProductBiasOwn(n_users, n_movies, n_factors, y_range=(0,5.5)) {
        user_factors  = create_params([n_users, n_factors])
        user_bias     = create_params([n_users])
        movie_factors = create_params([n_movies, n_factors])
        movie_bias    = create_params([n_movies])
        forward(x) {
            users  = user_factors[x[:,0]]
            movies = movie_factors[x[:,1]]
            res = (users*movies).sum(dim=1)
            res += user_bias[x[:,0]] + movie_bias[x[:,1]]
            sigmoid_range(res, *y_range)
        }
    }
    learn = learner DotProductBiasOwn(n_users,n_movies,50)
    fit 5 5e-3 wd=0.1
    # 37–38  reading the biases
    movie_bias = learn.model.movie_bias.squeeze()
    idxs = movie_bias.argsort()[:5]
    [dls.classes['title'][i] for i in idxs]          # ≡ bias movies bottom=5
    idxs = movie_bias.argsort(descending=true)[:5]
    dls.classes['title'][idxs]                       # ≡ bias movies top=5
    # 39  PCA
    g = ratings.groupby('title')['rating'].count()
    top_movies = g.sort_values(ascending=false).index.values[:1000]
    top_idxs = tensor([learn.dls.classes['title'].o2i[m] for m in top_movies])
    movie_w = learn.model.movie_factors[top_idxs].cpu().detach()
    movie_pca = movie_w.pca(3)
    fac0, fac1, fac2 = movie_pca.t()
    idxs = list(range(50))
    scatter fac0[idxs] fac2[idxs] labels=top_movies[idxs] size=(12,12)      # ≡ pca movies n=50 axes=(0,2)
    # 40–43  collab_learner
    learn = collab_learner(dls, n_factors=50, y_range=(0,5.5))
    fit 5 5e-3 wd=0.1
    learn.model
    movie_bias = learn.model.i_bias.weight.squeeze()
    dls.classes['title'][movie_bias.argsort(descending=true)[:5]]
    # 44  distance
    movie_factors = learn.model.i_weight.weight
    idx = dls.classes['title'].o2i['Silence of the Lambs, The (1991)']
    distances = CosineSimilarity(dim=1)(movie_factors, movie_factors[idx][none])
    idx = distances.argsort(descending=true)[1]
    dls.classes['title'][idx]                        # ≡ similar 'Silence of the Lambs, The (1991)' n=1
    # 45
    embs = get_emb_sz(dls)
    embs                                             # ≡ emb_sizes
    #> [(944, 74), (1665, 102)]
    # 46–48  a neural network
    model CollabNN(user_sz, item_sz, y_range=(0,5.5), n_act=100) {
        user_factors = Embedding(*user_sz)
        item_factors = Embedding(*item_sz)
        layers = Sequential(
            Linear(user_sz[1]+item_sz[1], n_act),
            ReLU(),
            Linear(n_act, 1))
        forward(x) {
            embs = user_factors(x[:,0]), item_factors(x[:,1])
            x = layers(cat(embs, dim=1))
            sigmoid_range(x, *y_range)
        }
    }
    m = CollabNN(*embs)
    learn = learner m
    fit 5 5e-3 wd=0.01
    # 49
    learn = collab_learner(dls, use_nn=true, y_range=(0,5.5), layers=[100,50])
    fit 5 5e-3 wd=0.1
    # 50  what it is made of
    model EmbeddingNN(emb_szs, layers, y_range=none) = TabularModel(emb_szs, n_cont=0, out_sz=1, layers=layers, y_range=y_range)
    """#

  /// The model with biases.
  static let model = #"""
    model DotProductBias(n_users, n_movies, n_factors, y_range=(0,5.5)) {
        user_factors  = Embedding(n_users, n_factors)
        user_bias     = Embedding(n_users, 1)
        movie_factors = Embedding(n_movies, n_factors)
        movie_bias    = Embedding(n_movies, 1)

        forward(x) {
            users  = user_factors(x[:,0])
            movies = movie_factors(x[:,1])
            res = (users * movies).sum(dim=1, keepdim=true)
            res += user_bias(x[:,0]) + movie_bias(x[:,1])
            sigmoid_range(res, *y_range)
        }
    }
    """#

  /// A script with markers, attributes and recorded output.
  static let script = #"""
    #!/usr/bin/env -S collab run
    %% md id=dot
    ## Dot products
    The match between a film and a viewer is the **dot product** of their factors.

    %% code id=skywalker
    last_skywalker = array([0.98,0.9,-0.9])
    user1 = array([0.9,0.8,-0.6])
    (user1*last_skywalker).sum()
    #> 2.1420000000000003

    %% code id=first-fit needs=ml-100k
    learner dot factors=50
    fit 5 5e-3
    #: tol=1e-6
    #> epoch  train_loss  valid_loss  time
    #> 0      1.296978    1.334247    00:01
    #> 1      1.008843    1.085047    00:01
    #> …
    #> 4      0.728835    0.875706    00:01

    %% code id=typo
    ftt 5
    #> error[unknown-command]: there is no command `ftt`
    """#

  /// Question cells.
  static let questions = #"""
    %% q id=q14
    What does `x[:,0]` return?
    answer: The first column of the batch: the user index of every row.

    %% q id=q14.a kind=choice
    Which numbers are in `x[:,0]`?
    right: the user indices of the batch
    wrong: the first row of the batch — that is `x[0]`
    wrong: the titles of the batch — those are `x[:,1]`
    hint: `x.shape` is [64, 2]

    %% q id=q07.a kind=number
    Calculate the dot product of [1,2,3] and [4,5,6].
    right: 32
    wrong: [4,10,18] — these are the products; add them up
    answer: sum([a*b for a, b in zip([1,2,3],[4,5,6])])

    %% q id=q15.a kind=run
    Rewrite the `DotProduct` model (without peeking) and train it for one epoch. Call the learner `learn`.
    answer:
        model DotProduct(nu, ni, nf) {
            u = Embedding(nu, nf)
            m = Embedding(ni, nf)
            forward(x) = (u(x[:,0]) * m(x[:,1])).sum(dim=1)
        }
        learn = learner DotProduct(n_users,n_movies,50)
        fit 1 5e-3
    check: len(learn.model.parameters()) == 2
    check: learn.recorder.valid_loss[-1] < 1.6

    %% q id=q06.a kind=text
    What is a latent factor? Why is it "latent"?
    answer: A number per user and per item that stands for some taste or quality. It is latent because
        nobody measured it: it is learned from the ratings.
    mention: learn|learned|trained
    mention: hidden|implicit|not given|unlabelled
    """#
}
